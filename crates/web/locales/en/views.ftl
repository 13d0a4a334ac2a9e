# Saved views
views = Saved views
view-save = Keep this view
view-name = Name
view-shared = For everybody
view-keep = Keep
view-remove = Remove the view
act-ShareView = kept a view for everybody
trouble-view-name = The name does not fit
trouble-view-name-text = Give a name of 1 to 30 characters. Nothing was kept; go back to the ledger and fill it in again.
trouble-view-many = Too many views
trouble-view-many-text = Everybody keeps at most 30 views. Remove one that is not needed first.
