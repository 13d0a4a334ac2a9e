//! 送达回证: for any paper that is served. Before the service it is printed with blanks, after it with what was recorded.

use baoxue_act::{PaperState, ServiceProof};
use baoxue_paper::{Sheet, Spec};

use super::{OfChild, filled::Filled, signs};

/// The slip of a paper of the case.
pub fn service_slip(of: &OfChild<'_>, paper: &PaperState, spec: &Spec, by: &str) -> Sheet {
    let issued = &paper.issued.what;
    let mut filled = Filled::new(spec);
    filled.text("document", issued.kind.zh());
    filled.text("document_number", &issued.number);
    // Whom and where the paper itself names: the newest lists may say otherwise by now.
    let draft = of.case.and_then(|case| case.draft(issued.paper));
    let said = |field: &str| draft.and_then(|draft| draft.what.fields.get(field));
    filled.text("recipient", said("guardian").or_else(|| said("party")).map_or("", String::as_str));
    filled.text("address", said("address").map_or("", String::as_str));
    if let Some(served) = &paper.served {
        let service = &served.what;
        filled.day("received_on", Some(service.on));
        filled.lines("servers", std::slice::from_ref(&service.by));
        match &service.proof {
            ServiceProof::Signed { receiver } | ServiceProof::Photo { receiver, .. } => {
                filled.text("mode", "直接送达");
                filled.text("receiver", receiver);
            }
            ServiceProof::Refused { words, witnesses } => {
                filled.text("mode", "留置送达");
                filled.text("refusal", words);
                filled.lines("witnesses", witnesses);
            }
            ServiceProof::Mailed { number } => {
                filled.text("mode", "邮寄送达");
                filled.text("remark", format!("邮件号码：{number}"));
            }
        }
    }
    let signed_by = signs(&issued.issuer, of.county);
    let date = paper.served.as_ref().map(|served| served.what.on);
    Sheet { date, fields: filled.done(), ..of.frame(&signed_by, by) }
}
