//! The press: sheets in, PDF out.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value as Json, json};
use typst::{
    comemo,
    foundations::{Bytes, Smart},
};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::{
    Dossier, Enclosed, Form, Item, PaperError, Sheet, data,
    fonts::Fonts,
    frames, picture, qr,
    spec::Forms,
    templates::{BIND, MAIN},
    world::{Desk, Shop},
};

/// Papers that are set at the same time; each may need some hundred MB when it has a thousand pages.
const AT_ONCE: usize = 2;

/// Papers that are set together. What the typesetter remembers grows with the pages of a document, about 1 MB for each.
const SHEAF: usize = 40;

/// Documents after which the typesetter forgets what it remembered of earlier ones.
const FORGET_AFTER: usize = 32;

/// Layout of nested tables goes deep; threads have 2 MB otherwise.
const STACK_BYTES: usize = 16 << 20;

/// What a press needs, from the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    /// Folders with fonts. Empty: the usual folders of the system.
    pub fonts: Vec<PathBuf>,
    /// The county's folder of templates, whose files replace the built-in ones of the same name.
    pub templates: Option<PathBuf>,
}

/// A paper as a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Printed {
    /// The bytes of the PDF. The same input gives the same bytes.
    pub pdf: Vec<u8>,
    /// How many pages it has, all copies together.
    pub pages: usize,
}

impl std::fmt::Debug for Printed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Printed({} pages, {} bytes)", self.pages, self.pdf.len())
    }
}

/// Makes PDFs. Open it once; cheap to clone, usable from every thread. A call takes the time of its pages and blocks: call it from
/// `spawn_blocking`, never from inside a rayon iterator.
#[derive(Debug, Clone)]
pub struct Press {
    shop: Arc<Shop>,
    gate: Arc<Gate>,
}

impl Press {
    /// Finds fonts and reads templates.
    ///
    /// # Errors
    /// When no font has Chinese characters, a named folder cannot be read, or data of a form is wrong.
    pub fn open(setup: &Setup) -> Result<Self, PaperError> {
        let forms = Forms::open(setup.templates.as_deref())?;
        let fonts = Fonts::find(&setup.fonts)?;
        Ok(Self { shop: Arc::new(Shop::new(forms, fonts)), gate: Arc::default() })
    }

    /// The forms with what they ask for.
    pub fn forms(&self) -> &Forms {
        &self.shop.forms
    }

    /// Prints one paper, once for each of its copies.
    ///
    /// Missing fields are blanks: whether they may be missing is [`crate::Spec::lacks`].
    ///
    /// # Errors
    /// When a field is unknown or of another kind, a template is wrong, a character has no glyph, or text runs over the edge.
    pub fn print(&self, form: Form, sheet: &Sheet) -> Result<Printed, PaperError> {
        self.print_many(&[(form, sheet.clone())])
    }

    /// Prints many papers into one document, each beginning on a page of its own with its own page numbers.
    ///
    /// # Errors
    /// As [`Press::print`]; the first paper that is wrong stops all. No paper at all is an error too.
    pub fn print_many(&self, papers: &[(Form, Sheet)]) -> Result<Printed, PaperError> {
        self.on_a_thread(|| match papers.len() {
            0..=SHEAF => self.papers(papers)?.lay_out(&self.shop, write),
            _ => self.bound(papers)?.lay_out(&self.shop, write),
        })
    }

    /// Prints the file of a child: cover, checklist with what is missing, index with pages, and every item with its hash.
    ///
    /// # Errors
    /// As [`Press::print`], and when an item belongs to no part, or a picture or PDF cannot be used.
    pub fn dossier(&self, dossier: &Dossier) -> Result<Printed, PaperError> {
        self.on_a_thread(|| self.file(dossier)?.lay_out(&self.shop, write))
    }

    /// Binds papers that were printed before into one document, page by page as they are: what is frozen is not set anew.
    ///
    /// # Errors
    /// [`PaperError::Attachment`] names the paper, from 1, that is no PDF that can be read. No paper at all is an error too.
    pub fn bind(&self, title: &str, papers: Vec<Vec<u8>>) -> Result<Printed, PaperError> {
        if papers.is_empty() {
            return Err(PaperError::Typesetter("no paper to print".to_owned()));
        }
        let (mut files, mut sheaves) = (BTreeMap::new(), Vec::new());
        for (item, pdf) in (1..).zip(papers) {
            let bytes = Bytes::new(pdf);
            let pages =
                picture::pdf_pages(&bytes).map_err(|why| PaperError::Attachment { item, why })?;
            let file = format!("sheaf-{item}");
            sheaves.push(json!({ "file": file, "pages": pages }));
            files.insert(file, bytes);
        }
        let data = json!({ "title": title, "sheaves": sheaves });
        let job = Job { main: BIND, ..Job::new(Form::Dossier, &data, files) };
        self.on_a_thread(|| job.lay_out(&self.shop, write))
    }

    /// Sets many papers sheaf by sheaf, so that memory is that of one sheaf, and binds them.
    fn bound(&self, papers: &[(Form, Sheet)]) -> Result<Job, PaperError> {
        let (form, first) = &papers[0];
        let (mut files, mut sheaves, mut n_pages) = (BTreeMap::new(), Vec::new(), 0);
        for (at, papers) in papers.chunks(SHEAF).enumerate() {
            let sheaf = self.papers(papers)?.lay_out(&self.shop, write);
            let sheaf = sheaf.map_err(|error| error.after(n_pages))?;
            comemo::evict(0);
            n_pages += sheaf.pages;
            let file = format!("sheaf-{at}");
            sheaves.push(json!({ "file": file, "pages": sheaf.pages }));
            files.insert(file, Bytes::new(sheaf.pdf));
        }
        let title =
            format!("{} 等 {} 份", data::title(self.forms().spec(*form), first), papers.len());
        let data = json!({ "title": title, "sheaves": sheaves });
        Ok(Job { main: BIND, ..Job::new(*form, &data, files) })
    }

    fn papers(&self, papers: &[(Form, Sheet)]) -> Result<Job, PaperError> {
        let Some((form, first)) = papers.first() else {
            return Err(PaperError::Typesetter("no paper to print".to_owned()));
        };
        let mut files = BTreeMap::new();
        let sheets = (0..)
            .zip(papers)
            .map(|(at, (form, sheet))| self.sheet_data(*form, sheet, at, &mut files))
            .collect::<Result<Vec<_>, _>>()?;
        let title = data::title(self.forms().spec(*form), first);
        Ok(Job::new(*form, &json!({ "title": title, "sheets": sheets }), files))
    }

    /// The data of one sheet, with the pixels of its code as a file beside them.
    fn sheet_data(
        &self,
        form: Form,
        sheet: &Sheet,
        at: usize,
        files: &mut BTreeMap<String, Bytes>,
    ) -> Result<Json, PaperError> {
        let mut data = data::of(self.forms().spec(form), sheet)?;
        if let Some((pixels, width)) = qr::pixels(&sheet.check)? {
            let file = format!("code-{at}");
            data["qr"] = json!({ "file": file, "width": width });
            files.insert(file, Bytes::new(pixels));
        }
        Ok(data)
    }

    fn file(&self, dossier: &Dossier) -> Result<Job, PaperError> {
        let spec = self.forms().spec(Form::Dossier);
        let mut files = BTreeMap::new();
        let mut items: Vec<(usize, &Item)> = (1..).zip(&dossier.items).collect();
        items.sort_by_key(|(at, item)| (item.part, *at));
        let mut listed = Vec::new();
        for (at, item) in items {
            if !spec.parts.iter().any(|part| part.n == item.part) {
                let why = format!("the checklist has no part {}", item.part);
                return Err(PaperError::Attachment { item: at, why });
            }
            listed.push(
                item_data(at, item, &mut files)
                    .map_err(|why| PaperError::Attachment { item: at, why })?,
            );
        }
        let mut sheet = self.sheet_data(Form::Dossier, &dossier.sheet, 0, &mut files)?;
        sheet["items"] = listed.into();
        sheet["not_needed"] =
            dossier.not_needed.iter().map(|(part, why)| (part.to_string(), json!(why))).collect();
        let title = data::title(spec, &dossier.sheet);
        Ok(Job::new(Form::Dossier, &json!({ "title": title, "sheets": [sheet] }), files))
    }

    /// What `with` sees on the pages of papers.
    #[cfg(test)]
    pub(crate) fn look<T: Send>(
        &self,
        papers: &[(Form, Sheet)],
        with: impl Fn(&PagedDocument) -> T + Sync,
    ) -> Result<T, PaperError> {
        self.on_a_thread(|| self.papers(papers)?.lay_out(&self.shop, |_, pages| Ok(with(pages))))
    }

    /// What `with` sees on the pages of a file.
    #[cfg(test)]
    pub(crate) fn look_at<T: Send>(
        &self,
        dossier: &Dossier,
        with: impl Fn(&PagedDocument) -> T + Sync,
    ) -> Result<T, PaperError> {
        self.on_a_thread(|| self.file(dossier)?.lay_out(&self.shop, |_, pages| Ok(with(pages))))
    }

    /// Runs one document on a thread of its own: with a deep stack, and so that what breaks off there ends nothing else.
    fn on_a_thread<T: Send>(
        &self,
        make: impl FnOnce() -> Result<T, PaperError> + Send,
    ) -> Result<T, PaperError> {
        let _turn = self.gate.enter();
        thread::scope(|scope| {
            thread::Builder::new()
                .name("press".to_owned())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, make)
                .map_err(|error| PaperError::Typesetter(error.to_string()))?
                .join()
                .unwrap_or_else(|_| Err(PaperError::Typesetter("it broke off".to_owned())))
        })
    }
}

/// Names by which attachments are known to the template are used again for every dossier: typst keeps each name for ever.
fn item_data(at: usize, item: &Item, files: &mut BTreeMap<String, Bytes>) -> Result<Json, String> {
    let name = format!("item-{at}");
    let (kind, n_pages, text) = match &item.enclosed {
        Enclosed::Picture(bytes) => {
            let format = picture::Picture::check(bytes)?;
            files.insert(name.clone(), Bytes::new(bytes.clone()));
            (format.name(), 1, Vec::new())
        }
        Enclosed::Pdf(bytes) => {
            let bytes = Bytes::new(bytes.clone());
            let n_pages = picture::pdf_pages(&bytes)?;
            files.insert(name.clone(), bytes);
            ("pdf", n_pages, Vec::new())
        }
        Enclosed::Text(lines) => ("text", 0, lines.clone()),
        Enclosed::Elsewhere(place) => ("elsewhere", 0, vec![place.clone()]),
    };
    Ok(json!({
        "part": item.part, "title": item.title, "date": item.date, "hash": item.hash,
        "kind": kind, "file": name, "pages": n_pages, "text": text,
    }))
}

/// One document to make.
struct Job {
    form: Form,
    /// The built-in file that reads the data.
    main: &'static str,
    files: BTreeMap<String, Bytes>,
}

impl Job {
    fn new(form: Form, data: &Json, mut files: BTreeMap<String, Bytes>) -> Self {
        files.insert("data.json".to_owned(), Bytes::from_string(data.to_string()));
        Self { form, main: MAIN, files }
    }

    /// Sets the pages, checks them, and lets `finish` make of them what is wanted.
    fn lay_out<T>(
        self,
        shop: &Arc<Shop>,
        finish: impl FnOnce(&Desk, &PagedDocument) -> Result<T, PaperError>,
    ) -> Result<T, PaperError> {
        let desk = Desk::new(Arc::clone(shop), self.main, self.files)?;
        let document = typst::compile::<PagedDocument>(&desk)
            .output
            .map_err(|errors| desk.explain(&errors))?;
        frames::check(self.form, &document)?;
        finish(&desk, &document)
    }
}

fn write(desk: &Desk, document: &PagedDocument) -> Result<Printed, PaperError> {
    let creator = Smart::Custom(Some("Baoxue".to_owned()));
    let options = PdfOptions { creator, ..PdfOptions::default() };
    let pdf = typst_pdf::pdf(document, &options).map_err(|errors| desk.explain(&errors))?;
    Ok(Printed { pdf, pages: document.pages().len() })
}

/// Lets a few in at a time, and clears the typesetter's memory now and then.
#[derive(Debug, Default)]
struct Gate {
    inside: Mutex<usize>,
    left: Condvar,
    n_printed: AtomicUsize,
}

impl Gate {
    fn enter(&self) -> Turn<'_> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let mut inside = self
            .left
            .wait_while(inside, |inside| *inside >= AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        *inside += 1;
        Turn(self)
    }
}

struct Turn<'a>(&'a Gate);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.inside.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.left.notify_one();
        let n_printed = self.0.n_printed.fetch_add(1, Ordering::Relaxed) + 1;
        if n_printed.is_multiple_of(FORGET_AFTER) {
            comemo::evict(1);
        }
    }
}
