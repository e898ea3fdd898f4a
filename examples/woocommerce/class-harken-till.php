<?php
final class HarkenTill
{
    private const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

    private int $number;
    private int $keyNumber;
    private string $key;
    private string $url;

    public function __construct(string $configuration)
    {
        $parts = explode('.', trim($configuration), 5);
        if (count($parts) !== 5 || $parts[0] !== 'hkr1') {
            throw new InvalidArgumentException('not the configuration of a till');
        }
        $this->number = (int) $parts[1];
        $this->keyNumber = (int) $parts[2];
        $this->key = (string) base64_decode(strtr($parts[3], '-_', '+/'), true);
        $this->url = $parts[4];
        if (strlen($this->key) !== 32) {
            throw new InvalidArgumentException('the key must have 32 bytes');
        }
        self::check('till', $this->number, 0xFFFFFF);
        self::check('key number', $this->keyNumber, 15);
    }

    /** The token of one receipt. */
    public function mint(int $sequence, DateTimeInterface $at, bool $strong = false): string
    {
        $minute = (int) floor(($at->getTimestamp() - gmmktime(0, 0, 0, 1, 1, 2025)) / 60);
        self::check('minute', $minute, 0xFFFFFF);
        self::check('sequence', $sequence, 0xFFFFFF);
        $header = chr(($strong ? 2 : 1) << 4 | $this->keyNumber)
            . self::three($this->number) . self::three($minute) . self::three($sequence);
        $mac = hash_hmac('sha256', "harken receipt 1\n" . $header, $this->key, true);
        return self::base32($header . substr($mac, 0, $strong ? 9 : 6));
    }

    /** The address to print. */
    public function url(string $token): string
    {
        $isUpper = $this->url === strtoupper($this->url);
        return $this->url . ($isUpper ? '/R/' : '/r/') . $token;
    }

    private static function three(int $value): string
    {
        return substr(pack('N', $value), 1);
    }

    private static function base32(string $bytes): string
    {
        $text = '';
        $held = 0;
        $bits = 0;
        foreach (str_split($bytes) as $each) {
            $held = ($held & 31) << 8 | ord($each);
            $bits += 8;
            while ($bits >= 5) {
                $bits -= 5;
                $text .= self::ALPHABET[$held >> $bits & 31];
            }
        }
        return $bits > 0 ? $text . self::ALPHABET[$held << (5 - $bits) & 31] : $text;
    }

    private static function check(string $name, int $value, int $most): void
    {
        if ($value < 0 || $value > $most) {
            throw new RangeException("$name must be 0 to $most, not $value");
        }
    }
}
