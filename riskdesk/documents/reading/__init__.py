"""Reading what people type: any spreadsheet, text, HTML or Word table that holds a filled-in form."""
