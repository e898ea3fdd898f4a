/** @odoo-module **/

/**
 * A QR as a picture, drawn in the browser: Odoo's own codes are drawn by its server, which a till
 * without network does not reach. ISO/IEC 18004, error correction M, versions 1 to 6.
 */

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** By version: data bytes, correction bytes of a block, blocks. */
const LEVEL_M = [null, [16, 10, 1], [28, 16, 1], [44, 26, 1], [64, 18, 2], [86, 24, 2], [108, 16, 4]];
const QUIET = 4;
const DOTS = 6;

/** The picture as a data URL, whole dots a module. Throws RangeError for text that is too long. */
export function qrPicture(text) {
    const rows = qrRows(text);
    const width = (rows.length + 2 * QUIET) * DOTS;
    const runs = [];
    rows.forEach((row, y) => row.forEach((dark, x) => dark && runs.push(`M${x} ${y}h1v1h-1z`)));
    const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${width}" ` +
        `viewBox="${-QUIET} ${-QUIET} ${width / DOTS} ${width / DOTS}" shape-rendering="crispEdges">` +
        `<path fill="#fff" d="M${-QUIET} ${-QUIET}h${width / DOTS}v${width / DOTS}H${-QUIET}z"/>` +
        `<path d="${runs.join("")}"/></svg>`;
    return `data:image/svg+xml;base64,${btoa(svg)}`;
}

/** The modules, row by row; true is dark. */
export function qrRows(text) {
    const forms = [...smallSchemeBits(text), textBits(text)];
    const version = Math.min(...forms.map(versionOf));
    const bits = forms.find((form) => versionOf(form) === version);
    if (!LEVEL_M[version]) throw new RangeError(`a link of ${text.length} characters is too long`);
    const codewords = withCorrection(padded(bits, LEVEL_M[version][0]), LEVEL_M[version]);
    const masked = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => drawn(version, codewords, mask));
    const penalties = masked.map(penalty);
    return masked[penalties.indexOf(Math.min(...penalties))];
}

function versionOf(bits) {
    const version = LEVEL_M.findIndex((level) => level && bits.length <= level[0] * 8);
    return version < 0 ? LEVEL_M.length : version;
}

/** A link in capitals behind a scheme in small letters: some scanners do not open HTTPS://. */
function smallSchemeBits(text) {
    const [, scheme, rest] = /^(HTTPS?:\/\/)(.+)$/.exec(text) || [];
    return scheme && isDense(rest) ? [[...byteBits(scheme.toLowerCase()), ...textBits(rest)]] : [];
}

function textBits(text) {
    return isDense(text) ? alphanumericBits(text) : byteBits(text);
}

function isDense(text) {
    return [...text].every((letter) => ALPHANUMERIC.includes(letter));
}

function alphanumericBits(text) {
    const bits = [...number(2, 4), ...number(text.length, 9)];
    for (let at = 0; at < text.length; at += 2) {
        const [first, second] = [...text.slice(at, at + 2)].map((c) => ALPHANUMERIC.indexOf(c));
        bits.push(...(second === undefined ? number(first, 6) : number(first * 45 + second, 11)));
    }
    return bits;
}

function byteBits(text) {
    const bytes = [...new TextEncoder().encode(text)];
    return [...number(4, 4), ...number(bytes.length, 8), ...bytes.flatMap((b) => number(b, 8))];
}

function number(value, width) {
    return Array.from({ length: width }, (_, at) => (value >> (width - 1 - at)) & 1);
}

function padded(bits, bytes) {
    const all = [...bits, ...Array(Math.min(4, bytes * 8 - bits.length)).fill(0)];
    while (all.length % 8) all.push(0);
    const data = [];
    for (let at = 0; at < all.length; at += 8) data.push(parseInt(all.slice(at, at + 8).join(""), 2));
    for (let pad = 0xec; data.length < bytes; pad ^= 0xec ^ 0x11) data.push(pad);
    return data;
}

/** Data of all blocks in turn, then their Reed-Solomon bytes in turn. */
function withCorrection(data, [bytes, correction, count]) {
    const size = bytes / count;
    const blocks = Array.from({ length: count }, (_, at) => data.slice(at * size, (at + 1) * size));
    const checks = blocks.map((block) => remainder(block, correction));
    const inTurn = (lists, length) =>
        Array.from({ length }, (_, at) => lists.map((list) => list[at])).flat();
    return [...inTurn(blocks, size), ...inTurn(checks, correction)];
}

function remainder(block, degree) {
    let generator = [1];
    let root = 1;
    for (let at = 0; at < degree; at++) {
        const next = [...generator, 0];
        generator.forEach((value, i) => (next[i + 1] ^= product(value, root)));
        generator = next;
        root = product(root, 2);
    }
    const rest = Array(degree).fill(0);
    for (const byte of block) {
        const factor = byte ^ rest.shift();
        rest.push(0);
        rest.forEach((_, i) => (rest[i] ^= product(generator[i + 1], factor)));
    }
    return rest;
}

/** In the field of 256 elements with the polynomial 0x11d. */
function product(a, b) {
    let sum = 0;
    for (let bit = 7; bit >= 0; bit--) {
        sum = (sum << 1) ^ ((sum >> 7) * 0x11d);
        sum ^= ((b >> bit) & 1) * a;
    }
    return sum;
}

function drawn(version, codewords, mask) {
    const size = version * 4 + 17;
    const rows = Array.from({ length: size }, () => Array(size).fill(null));
    const set = (x, y, dark) => {
        if (x >= 0 && y >= 0 && x < size && y < size) rows[y][x] = Boolean(dark);
    };
    for (let i = 0; i < size; i++) {
        set(6, i, i % 2 === 0);
        set(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(set, x, y, 4, [2, 4]);
    if (version > 1) square(set, size - 7, size - 7, 2, [1]);
    drawFormat(set, size, mask);
    fill(rows, codewords, mask);
    return rows;
}

/** Rings around a middle; those whose distance is in `light` are light. */
function square(set, x, y, reach, light) {
    for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
            set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
        }
    }
}

/** Level M is 00, so the five bits are the mask's; ten more correct them. */
function drawFormat(set, size, mask) {
    let rest = mask;
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const format = ((mask << 10) | rest) ^ 0x5412;
    for (let i = 0; i < 15; i++) {
        const dark = (format >> i) & 1;
        set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, dark);
        set(i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i, 8, dark);
    }
    set(8, size - 8, true);
}

const MASKS = [
    (x, y) => (x + y) % 2,
    (x, y) => y % 2,
    (x) => x % 3,
    (x, y) => (x + y) % 3,
    (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
    (x, y) => ((x * y) % 2) + ((x * y) % 3),
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
    (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** Pairs of columns from the right, upwards and downwards in turn, around what is drawn already. */
function fill(rows, codewords, mask) {
    const size = rows.length;
    let bit = 0;
    let upwards = true;
    for (let right = size - 1; right > 0; right -= 2) {
        if (right === 6) right = 5;
        for (let step = 0; step < size; step++) {
            const y = upwards ? size - 1 - step : step;
            for (const x of [right, right - 1]) {
                if (rows[y][x] !== null) continue;
                const data = (codewords[bit >> 3] >> (7 - (bit & 7))) & 1;
                rows[y][x] = Boolean(data) !== (MASKS[mask](x, y) === 0);
                bit++;
            }
        }
        upwards = !upwards;
    }
}

/** How hard a symbol is to read: long runs, blocks of one colour, false finders, imbalance. */
function penalty(rows) {
    const size = rows.length;
    const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))];
    let points = 0;
    for (const line of lines) {
        const text = line.map(Number).join("");
        for (const run of text.match(/0{5,}|1{5,}/g) || []) points += run.length - 2;
        points += 40 * (text.match(/(?=00001011101|10111010000)/g) || []).length;
    }
    for (let y = 1; y < size; y++) {
        for (let x = 1; x < size; x++) {
            const same = [rows[y - 1][x], rows[y][x - 1], rows[y - 1][x - 1]];
            if (same.every((dark) => dark === rows[y][x])) points += 3;
        }
    }
    const share = rows.flat().filter(Boolean).length / size ** 2;
    return points + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
