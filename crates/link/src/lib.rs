//! Record linkage: which rows of many registers are the same person.
