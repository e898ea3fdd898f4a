"""What Harken is measured against."""
