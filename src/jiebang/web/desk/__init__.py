"""The home of each person: one page that answers what there is to do, and by when."""
