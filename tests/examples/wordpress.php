<?php
// The functions of WordPress and WooCommerce that the plugin calls, as far as it calls them; then the
// plugin; then whatever the test asks for on standard input, answered as JSON.

define( 'ABSPATH', '/' );

$options = array();
$actions = array();
$logged  = array();
$refused = array();
$pages   = array();

function add_action( $name, $function, $priority = 10, $arguments = 1 ) {
	global $actions;
	$actions[ $name ][] = array( $function, $arguments );
}
function do_action( $name, ...$given ) {
	global $actions;
	foreach ( $actions[ $name ] ?? array() as list( $function, $arguments ) ) {
		$function( ...array_slice( $given, 0, $arguments ) );
	}
}
function get_option( $name, $default = false ) {
	global $options;
	return $options[ $name ] ?? $default;
}
function register_setting( $group, $name, $arguments ) {
	global $pages;
	$pages['setting'] = array( $group, $name, $arguments['sanitize_callback'] );
}
function add_submenu_page( ...$given ) {
	global $pages;
	$pages['menu'] = $given;
}
function add_settings_error( $setting, $code, $message ) {
	global $refused;
	$refused[] = $message;
}
function settings_fields( $group ) {
	echo "<input type=\"hidden\" name=\"option_page\" value=\"$group\">";
}
function settings_errors( $setting ) {}
function submit_button() {
	echo '<button>Save</button>';
}
function __( $text, $domain ) {
	return $text;
}
function esc_html( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_html__( $text, $domain ) {
	return esc_html( $text );
}
function esc_attr( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}
function esc_url( $url ) {
	return htmlspecialchars( $url, ENT_QUOTES );
}
function esc_url_raw( $url ) {
	return $url;
}
function wc_get_logger() {
	return new class() {
		public function error( $message, $context ) {
			$GLOBALS['logged'][] = $message;
		}
	};
}
function wc_get_order( $id ) {
	return $GLOBALS['orders'][ $id ] ?? false;
}

final class Order {
	private $id;
	private $status;
	private $made;
	public function __construct( $id, $made, $status ) {
		$this->id     = $id;
		$this->made   = $made;
		$this->status = $status;
	}
	public function get_id() {
		return $this->id;
	}
	public function get_date_created() {
		return null === $this->made ? null : new DateTime( $this->made );
	}
	public function has_status( $statuses ) {
		return in_array( $this->status, $statuses, true );
	}
}

function printed( callable $work ) {
	ob_start();
	$work();
	return ob_get_clean();
}

error_reporting( E_ALL );
set_error_handler( function ( $level, $message, $file, $line ) {
	throw new ErrorException( $message, 0, $level, $file, $line );
} );

require $argv[1];

$asked  = json_decode( stream_get_contents( STDIN ), true );
$orders = array();
foreach ( $asked['orders'] ?? array() as $order ) {
	$orders[ $order['id'] ] = new Order( $order['id'], $order['made'], $order['status'] ?? 'completed' );
}
$options['harken_receipts_till'] = $asked['till'] ?? '';

$said = array( 'minted' => array(), 'pages' => array(), 'mails' => array(), 'kept' => array() );
foreach ( $asked['vectors'] ?? array() as $vector ) {
	$till             = new HarkenTill( $vector['configuration'] );
	$token            = $till->mint( $vector['sequence'], new DateTime( $vector['at'] ), $vector['strong'] );
	$said['minted'][] = array( $token, $till->url( $token ) );
}
foreach ( $orders as $id => $order ) {
	$said['pages'][] = printed( fn() => do_action( 'woocommerce_thankyou', $id ) );
	foreach ( $asked['mails'] ?? array() as $mail ) {
		$email           = null === $mail['id'] ? null : (object) array( 'id' => $mail['id'] );
		$said['mails'][] = printed(
			fn() => do_action( 'woocommerce_email_after_order_table', $order, $mail['admin'], $mail['plain'], $email )
		);
	}
}
do_action( 'before_woocommerce_init' );
do_action( 'admin_menu' );
do_action( 'admin_init' );
foreach ( $asked['typed'] ?? array() as $typed ) {
	$said['kept'][] = call_user_func( $pages['setting'][2], $typed );
}
$said['settings'] = printed( $pages['menu'][5] );
$said['setting']  = $pages['setting'];
$said['refused']  = $refused;
$said['logged']   = $logged;
echo json_encode( $said );
