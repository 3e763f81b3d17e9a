"""The theorems, by section; each module offers `studies(charter)`."""
