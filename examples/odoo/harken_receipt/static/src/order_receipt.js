/** @odoo-module **/

import { onWillStart } from "@odoo/owl";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { patch } from "@web/core/utils/patch";
import { receiptCode, receiptParts } from "@harken_receipt/receipt_code";

patch(PosOrder.prototype, {
    export_for_printing() {
        const parts = this.finalized ? receiptParts(this.pos_reference, this.date_order) : null;
        return {
            ...super.export_for_printing(...arguments),
            // A promise, as browsers sign asynchronously; the till's secret stays out of the receipt.
            harken: receiptCode(this.config.harken_till, parts),
        };
    },
});

patch(OrderReceipt.prototype, {
    setup() {
        super.setup(...arguments);
        this.harkenCode = null;
        onWillStart(async () => {
            this.harkenCode = await this.props.data.harken;
        });
    },
});
