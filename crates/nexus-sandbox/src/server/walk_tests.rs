//! Every route of the table, called as a web page of another origin would: nothing changes, nothing can be read.
