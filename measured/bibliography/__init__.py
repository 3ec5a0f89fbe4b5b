"""What the site cites, and which of its pages do."""
