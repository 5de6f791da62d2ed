"""Goods declarations 报关单: what is declared of a shipment, with its answers, files, taxes, corrections."""
