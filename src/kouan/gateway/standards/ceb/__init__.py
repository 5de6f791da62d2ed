"""CEB 统一版: cross-border e-commerce messages of China Customs, import side, editions of May 2022 and 2018 No. 113."""
