//! On however many threads: enough rows that every stage splits its work.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "quality/people.rs"]
mod people;

use baoxue_link::{Constraints, Linkage, Training, train_and_link};
use people::{People, model};

#[test]
fn a_table_that_is_split_gives_what_one_thread_gives() {
    let people = People::new(15_000, 21);
    let table = people.table();
    let mut model = model();
    model.fields.iter_mut().for_each(|field| field.term_frequency = true);
    let on = |n_threads: usize| -> (Training, Linkage) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| {
            train_and_link(&table, &model, &Constraints::default(), 1, &mut |_| {}).unwrap()
        })
    };
    let (training, linkage) = on(1);
    let n_pairs: u64 = linkage.blocks.iter().map(|block| block.n_pairs).sum();
    assert!(n_pairs > 10 * 65_536, "{n_pairs} pairs are not split");
    assert!(on(4) == (training, linkage));
}
