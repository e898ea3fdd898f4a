{
    "name": "Harken on receipts",
    "summary": "Prints a signed survey code on the receipts of the point of sale, also offline",
    "version": "18.0.1.0.0",
    "category": "Sales/Point of Sale",
    "author": "Harken maintainers",
    "license": "Other OSI approved licence",
    "depends": ["point_of_sale"],
    "data": ["views/res_config_settings.xml"],
    "assets": {
        "point_of_sale._assets_pos": [
            "harken_receipt/static/src/receipts.js",
            "harken_receipt/static/src/qr_picture.js",
            "harken_receipt/static/src/receipt_code.js",
            "harken_receipt/static/src/order_receipt.js",
            "harken_receipt/static/src/order_receipt.xml",
        ],
    },
}
