"""Setting Chinese text on PDF pages: fonts, line breaking and a page canvas."""
