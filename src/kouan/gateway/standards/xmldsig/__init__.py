"""Enveloped XML signatures as China's trade messages carry them: RSA with SHA-1, SM2 with SM3.

One signature over the whole document (``Reference URI=""``, transform ``enveloped-signature``), canonical XML 1.0.
Source: handbook 202205 §6, the interface of the data exchange platform, W3C XML Signature and Canonical XML 1.0.
"""
