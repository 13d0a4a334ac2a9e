//! The officials' directory, from the rows of the live files that hold it.

use std::collections::{BTreeSet, HashSet};

use baoxue_act::{Directory, Holder, Office, Post, directory::Sheet};
use baoxue_claim::{Source, TownCode};
use baoxue_determine::Seat;
use baoxue_store::{BatchState, Disposition, Store, StoredRow};
use chrono::{Days, NaiveDate};

use crate::{County, FlowError};

/// Who sits where. A later directory ends the posts of an earlier one; before the first nothing else is known, so that its
/// officials count from the beginning.
pub(super) async fn directory(store: &Store, county: &County) -> Result<Directory, FlowError> {
    let town = |name: &str| {
        let towns = &county.towns;
        towns.named(name).or_else(|| towns.mentioned(name)).map(|town| town.code)
    };
    let mut files: Vec<File> = Vec::new();
    let mut offices = BTreeSet::new();
    for batch in store.batches().await?.into_iter().filter(|b| b.state == BatchState::Live) {
        let is_directory = |sheet: &Option<Source>| *sheet == Some(Source::OfficialsDirectory);
        let sheets = batch.sheets.iter().filter(|sheet| is_directory(&sheet.sheet.source));
        let sheets: Vec<_> = sheets.map(|sheet| (sheet.index, sheet.sheet.as_of)).collect();
        if sheets.is_empty() {
            continue;
        }
        let rows = store.batch_rows(batch.id).await?;
        let received = batch.received_at.date_naive();
        let from = sheets.iter().filter_map(|(_, as_of)| *as_of).max().unwrap_or(received);
        let (mut posts, mut seats) = (Vec::new(), HashSet::new());
        for (index, _) in &sheets {
            let (header, below) = split(&rows, *index);
            let sheet = Sheet { header: &header, rows: &below, from };
            posts.extend(baoxue_act::directory::posts(sheet, &town));
            seats.extend(baoxue_act::directory::seats(sheet, &town));
            offices.extend(baoxue_act::directory::offices(sheet, &town));
        }
        files.push(File { from, posts, seats });
    }
    let named = county.act.officials.iter().cloned();
    Ok(Directory::new(in_force(files).into_iter().chain(named)).with_offices(offices))
}

/// The header of a sheet and the officials below it.
fn split(rows: &[StoredRow], sheet: u32) -> (Vec<String>, Vec<Vec<String>>) {
    let aside = |row: &&StoredRow, kind: &str| matches!(&row.disposition, Disposition::Aside(found) if found == kind);
    let of_sheet = || rows.iter().filter(move |row| row.sheet == sheet);
    let header = of_sheet().find(|row| aside(row, "header"));
    let header = header.map_or_else(Vec::new, |row| row.cells.clone());
    let below = of_sheet().filter(|row| aside(row, "official_entry"));
    (header, below.map(|row| row.cells.clone()).collect())
}

/// What a file says of the seats.
struct File {
    /// The day from which.
    from: NaiveDate,
    posts: Vec<Post>,
    /// The seats that it has a line for, each as its holder's or a substitute's.
    seats: HashSet<(Holder, bool)>,
}

/// The posts of all files with their days. A post that the next file does not name ended the day before it; one that it
/// names again goes on.
fn in_force(mut files: Vec<File>) -> Vec<Post> {
    files.sort_by_key(|file| file.from);
    let mut kept: Vec<Post> = Vec::new();
    for File { from, posts, seats } in files {
        let same = |a: &Post, b: &Post| {
            (&a.holder, a.is_substitute, &a.name) == (&b.holder, b.is_substitute, &b.name)
        };
        // A file ends the posts of whom it could have named: those of its own towns, schools and offices, and whoever sat where
        // it has a line and names nobody.
        let speaks = |post: &Post| {
            posts.iter().any(|new| area(new) == area(post))
                || seats.contains(&(post.holder.clone(), post.is_substitute))
        };
        let known: Vec<Area> = kept.iter().map(area).collect();
        for old in kept.iter_mut().filter(|old| old.to.is_none() && speaks(old)) {
            if !posts.iter().any(|new| same(old, new)) {
                old.to = Some(from - Days::new(1));
            }
        }
        for mut post in posts {
            if kept.iter().any(|old| old.to.is_none() && same(old, &post)) {
                continue;
            }
            if !known.contains(&area(&post)) {
                post.from = NaiveDate::MIN;
            }
            kept.push(post);
        }
    }
    kept
}

/// A seat in a town, a school or one of the county's offices: what one file speaks of as a whole.
type Area = (Seat, Option<TownCode>, Option<String>);

fn area(post: &Post) -> Area {
    let seat = post.holder.seat;
    match &post.holder.office {
        Office::Town(town) | Office::Village(town, _) => (seat, Some(*town), None),
        Office::School(school) | Office::Class(school, _) => (seat, None, Some(school.clone())),
        Office::Department(department) => (seat, None, Some(department.clone())),
        Office::County | Office::Bureau | Office::Inspectorate | Office::Police => {
            (seat, None, None)
        }
    }
}

#[cfg(test)]
mod tests {
    use baoxue_claim::Private;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn post(seat: Seat, office: Office, (name, from): (&str, &str)) -> Post {
        Post {
            holder: Holder { seat, office },
            is_substitute: false,
            name: Private::new(name),
            phone: None,
            from: day(from),
            to: None,
        }
    }

    fn file(from: &str, posts: Vec<Post>) -> File {
        let seats = posts.iter().map(|post| (post.holder.clone(), post.is_substitute)).collect();
        File { from: day(from), posts, seats }
    }

    fn told(files: Vec<File>) -> Vec<(String, NaiveDate, Option<NaiveDate>)> {
        let found = in_force(files).into_iter();
        found.map(|post| (post.name.expose().to_owned(), post.from, post.to)).collect()
    }

    #[test]
    fn a_later_directory_ends_posts_and_keeps_those_it_names_again() {
        let of = |seat, name, from| post(seat, Office::County, (name, from));
        let first = vec![
            of(Seat::CountyHead, "甲", "2019-07-01"),
            of(Seat::BureauHead, "乙", "2019-07-01"),
        ];
        let second = vec![of(Seat::CountyHead, "丙", "2019-09-01")];
        let expected = [
            ("甲".to_owned(), NaiveDate::MIN, Some(day("2019-08-31"))),
            ("乙".to_owned(), NaiveDate::MIN, None),
            ("丙".to_owned(), day("2019-09-01"), None),
        ];
        assert_eq!(told(vec![file("2019-09-01", second), file("2019-07-01", first)]), expected);
    }

    #[test]
    fn whoever_is_taken_out_of_his_line_has_left() {
        let school = |name: &str| Office::School(name.to_owned());
        let of = |office, name, from| post(Seat::Principal, office, (name, from));
        let first =
            vec![of(school("东校"), "甲", "2019-07-01"), of(school("西校"), "乙", "2019-07-01")];
        // The new file has a line for the first school without a name, and none for the second.
        let mut second = file("2019-09-01", Vec::new());
        second.seats.insert((Holder { seat: Seat::Principal, office: school("东校") }, false));
        let expected = [
            ("甲".to_owned(), NaiveDate::MIN, Some(day("2019-08-31"))),
            ("乙".to_owned(), NaiveDate::MIN, None),
        ];
        assert_eq!(told(vec![file("2019-07-01", first), second]), expected);
    }
}
