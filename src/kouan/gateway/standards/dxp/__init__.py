"""DXP 数据交换平台: the envelope in which messages travel between nodes of the electronic port, and its answers."""
