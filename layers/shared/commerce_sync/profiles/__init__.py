"""Profile sync: what each owner's fields should be at their destination, and whether that is news."""
