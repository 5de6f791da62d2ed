"""What people do with the check: the firm's rule, and the acts between maker and checker."""
