<?php
/**
 * Plugin Name: Harken Receipts
 * Description: Puts a signed survey link on the thank-you page and into the e-mail of a completed order.
 * Version: 0.1.0
 * Requires at least: 6.0
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * License: Apache-2.0
 * Text Domain: harken-receipts
 *
 * @package HarkenReceipts
 */

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/class-harken-till.php';

const HARKEN_RECEIPTS_OPTION = 'harken_receipts_till';

/**
 * The survey link of an order, or '' where none can be made: a survey never stops a sale.
 *
 * The number is the order's own, which WooCommerce gives once, and the time is the order's: page and
 * e-mail carry the same link, so that an order is answered once.
 *
 * @param WC_Order $order The order.
 */
function harken_receipts_link( $order ): string {
	$text = (string) get_option( HARKEN_RECEIPTS_OPTION, '' );
	$made = $order ? $order->get_date_created() : null;
	if ( '' === $text || ! $made ) {
		return '';
	}
	try {
		$till = new HarkenTill( $text );
		return $till->url( $till->mint( $order->get_id() & 0xFFFFFF, $made ) );
	} catch ( InvalidArgumentException | RangeException $problem ) {
		wc_get_logger()->error( 'No survey link on an order: ' . $problem->getMessage(), array( 'source' => 'harken-receipts' ) );
		return '';
	}
}

/** After the order's table in e-mails to the customer about a completed order. */
function harken_receipts_in_email( $order, $sent_to_admin = false, $plain_text = false, $email = null ) {
	if ( $sent_to_admin || ! $email || 'customer_completed_order' !== $email->id ) {
		return;
	}
	$link = harken_receipts_link( $order );
	$call = __( 'Rate your order - 20 s', 'harken-receipts' );
	if ( '' === $link ) {
		return;
	}
	if ( $plain_text ) {
		echo "\n" . esc_html( $call ) . "\n" . esc_url_raw( $link ) . "\n";
		return;
	}
	echo '<p><a href="' . esc_url( $link ) . '">' . esc_html( $call ) . '</a></p>';
}

/** On the thank-you page; a failed or cancelled order is not asked about. */
function harken_receipts_on_page( $order_id ) {
	$order = wc_get_order( $order_id );
	if ( ! $order || $order->has_status( array( 'failed', 'cancelled', 'refunded' ) ) ) {
		return;
	}
	$link = harken_receipts_link( $order );
	if ( '' !== $link ) {
		$call = __( 'Rate your order - 20 s', 'harken-receipts' );
		echo '<p class="harken-receipt"><a href="' . esc_url( $link ) . '">' . esc_html( $call ) . '</a></p>';
	}
}

/** Below WooCommerce in the menu, for those who may change the shop. */
function harken_receipts_menu() {
	add_submenu_page( 'woocommerce', 'Harken', 'Harken', 'manage_woocommerce', 'harken-receipts', 'harken_receipts_settings' );
}

function harken_receipts_register() {
	register_setting(
		'harken_receipts',
		HARKEN_RECEIPTS_OPTION,
		array(
			'type'              => 'string',
			'sanitize_callback' => 'harken_receipts_sanitize',
			'autoload'          => false,
		)
	);
}

/** An empty field keeps what is stored; the word `none` removes it; a line that is none is refused. */
function harken_receipts_sanitize( $text ) {
	$text = trim( (string) $text );
	$kept = (string) get_option( HARKEN_RECEIPTS_OPTION, '' );
	if ( '' === $text || 'none' === $text ) {
		return '' === $text ? $kept : '';
	}
	try {
		new HarkenTill( $text );
		return $text;
	} catch ( InvalidArgumentException | RangeException $problem ) {
		add_settings_error( HARKEN_RECEIPTS_OPTION, 'harken_receipts_till', $problem->getMessage() );
		return $kept;
	}
}

/** The stored line is secret and never shown again. */
function harken_receipts_settings() {
	$is_set = '' !== (string) get_option( HARKEN_RECEIPTS_OPTION, '' );
	echo '<div class="wrap"><h1>Harken</h1><form method="post" action="options.php">';
	settings_fields( 'harken_receipts' );
	settings_errors( HARKEN_RECEIPTS_OPTION );
	echo '<p><label>' . esc_html__( "The till's line (hkr1.…)", 'harken-receipts' ) . '<br>';
	echo '<input type="password" size="60" autocomplete="off" name="' . esc_attr( HARKEN_RECEIPTS_OPTION ) . '"></label></p>';
	echo '<p>' . ( $is_set ? esc_html__( 'A till is set. Leave the field empty to keep it; type none to remove it.', 'harken-receipts' ) : esc_html__( 'No till is set: orders carry no link.', 'harken-receipts' ) ) . '</p>';
	submit_button();
	echo '</form></div>';
}

/** Orders are only read through WooCommerce's own methods, wherever it stores them. */
function harken_receipts_declare() {
	if ( class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
		\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
	}
}

add_action( 'before_woocommerce_init', 'harken_receipts_declare' );
add_action( 'woocommerce_email_after_order_table', 'harken_receipts_in_email', 20, 4 );
add_action( 'woocommerce_thankyou', 'harken_receipts_on_page', 20 );
add_action( 'admin_menu', 'harken_receipts_menu', 60 );
add_action( 'admin_init', 'harken_receipts_register' );
