"""What Frappe calls, and when."""

app_name = "harken_receipts"
app_title = "Harken Receipts"
app_publisher = "Harken maintainers"
app_description = "Signed survey codes on the receipts of the point of sale"
app_email = "maintainers@harken.example"
app_license = "apache-2.0"
required_apps = ["erpnext"]

after_install = "harken_receipts.api.add_fields"
doc_events = {"POS Invoice": {"on_submit": "harken_receipts.api.sign_receipt"}}
jinja = {"methods": ["harken_receipts.api.harken_receipt"]}
