/** @odoo-module **/

import { Till } from "@harken_receipt/receipts";
import { qrPicture } from "@harken_receipt/qr_picture";

const REFERENCE = /(\d{5,})-(\d{3,})-(\d{4,})$/;

/**
 * What an order gives to its receipt's token, or null when it has no number yet.
 *
 * `sequence` is made of Odoo's own receipt number, session-login-order: 2 bits of the session, 8 of
 * the login and 14 of the order. Orders of one session differ in login or order, and two sessions
 * of one point of sale are never open at once, so no two receipts of a minute share it. `at` is the
 * order's time, so that a receipt that is printed again carries the same token.
 */
export function receiptParts(reference, dateOrder) {
    const found = REFERENCE.exec(reference || "");
    const at = new Date(`${(dateOrder || "").replace(" ", "T")}Z`);
    if (!found || Number.isNaN(at.getTime())) {
        return null;
    }
    const [session, login, order] = found.slice(1).map(Number);
    return { sequence: (session % 4) * 0x400000 + (login % 256) * 0x4000 + (order % 0x4000), at };
}

/**
 * The link and its picture for a receipt, made in the browser without any network.
 *
 * Null where there is nothing to print or it cannot be signed: a survey never stops a sale.
 * Browsers sign on secure pages only (https, or localhost).
 */
export async function receiptCode(tillText, parts) {
    if (!tillText || !parts) {
        return null;
    }
    try {
        const { url } = await Till.fromText(tillText).mint(parts);
        return { url, src: qrPicture(url) };
    } catch (error) {
        console.error("No survey code on this receipt:", error.message);
        return null;
    }
}
