//! The folder of a child as one PDF (一生一袋).

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{
    cases::Speaker,
    child_page,
    papers::{Besides, Numbers, PaperError, Subject, child_aid, folder, is_sealed},
    teaching::teaching_log,
};

use super::{
    super::cases::{NotTaken, case_of, show},
    one::{attached, unprinted},
};
use crate::{
    app::App,
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

/// The folder.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let (desk, roll, lang) = (app.cases().await?, app.roll(), Lang::of(&headers));
    let file = case_of(&key).and_then(|id| desk.book.get(id)).ok_or(Trouble::NotFound)?;
    let entry = roll.entry(file.case.child).ok_or(Trouble::NotFound)?;
    let child = Resource::Child(place(entry));
    signed.may(Action::ReadCase, &child)?;
    // What was served on the family stands in it.
    signed.may(Action::ReadPapers, &child)?;
    signed.opens_page(&app).await?;
    // Who may see numbers whole gets the papers that have one; others get the folder without these.
    let reveals = is_sealed(&file.case) && signed.could(Action::RevealId, &child);
    let (action, numbers) = if reveals {
        signed.may(Action::RevealId, &child)?;
        (Action::RevealId, Numbers::Whole)
    } else {
        (Action::ReadPapers, Numbers::Covered)
    };
    signed.kept(&app, (action, &format!("{key}/folder.pdf")), &[entry.child]).await?;
    let (county, now) = (app.county(), desk.moment(app.now()));
    let page = child_page(app.store(), &county, &roll, entry.child).await?;
    let speaker = Speaker { rules: &desk.rules, towns: &county.towns, zh: true };
    let (case, profile) = (&file.case, &page.profile);
    let subject = Subject { case, profile, county: &county, speaker, now };
    let shelf = app.letters(&desk).await?;
    let year = county.letters.year_of(now.date());
    let letters = shelf.desk(&county, &desk, (year, now.date())).of_child(entry);
    let teaching = teaching_log(&page, &county);
    let aid = child_aid(&page, &roll, &county);
    let besides = Besides { letters: &letters, teaching: teaching.as_ref(), aid: &aid };
    let told = (file.events.as_slice(), besides);
    let dossier = folder(app.store(), &subject, told, numbers, &signed.name).await?;
    // A folder is large: not many at once, so that papers can be issued meanwhile.
    let _turn = app.heavy().await;
    let printed = match app.press().await {
        Ok(press) => tokio::task::spawn_blocking(move || press.dossier(&dossier))
            .await
            .unwrap_or_else(|error| Err(PaperError::Typesetter(error.to_string()))),
        Err(error) => Err(error),
    };
    match printed {
        Ok(printed) => attached(printed.pdf, "application/pdf", &format!("{key}-folder.pdf")),
        Err(error) => {
            let why = unprinted(&error, lang)?;
            let typed = std::collections::BTreeMap::new();
            let not_taken = NotTaken { act: "folder".to_owned(), why, typed };
            let page = show((&app, &signed), &key, &headers, Some(not_taken)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
