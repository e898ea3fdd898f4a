"""OData 4.0: one survey as typed tables, for Excel and BI programs."""
