//! What the command asks of the engine: a model, its training, clusters. The only place that calls them.

use std::path::PathBuf;

use baoxue_columnar::Records;
use baoxue_link::{
    Column, Comparator, FieldModel, IdentityRule, Level, LinkError, Linkage, Linker, Model,
    Progress, Table, clusters, train as train_model, train_and_link,
};

use crate::{failure::Failure, lang::Lang};

use super::{fault, load::Job};

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ModelSource {
    /// Built in.
    Children,
    /// Guessed from the data.
    Auto,
    /// A file.
    File(PathBuf),
}

impl ModelSource {
    pub(super) fn named(name: &str) -> Self {
        match name {
            "children" => Self::Children,
            "auto" => Self::Auto,
            path => Self::File(path.into()),
        }
    }

    /// The model, or `None` when the data must be seen first.
    pub(super) fn read(&self, lang: Lang) -> Result<Option<Model>, Failure> {
        let path = match self {
            Self::Auto => return Ok(None),
            Self::Children => return Ok(Some(Model::children())),
            Self::File(path) => path,
        };
        if !path.exists() {
            let path = path.display();
            return Err(Failure::Usage(lang.pick(
                format!("没有“{path}”这个模型：请写 children、auto 或模型文件的路径。"),
                format!(
                    "there is no model `{path}`: give children, auto or the path of a model file"
                ),
            )));
        }
        let text = std::fs::read_to_string(path).map_err(|error| fault::io(path, &error, lang))?;
        let is_json =
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        parse(&text, is_json, &path.display().to_string(), lang).map(Some)
    }
}

fn parse(text: &str, is_json: bool, name: &str, lang: Lang) -> Result<Model, Failure> {
    let read = if is_json {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        toml::from_str(text).map_err(|error| error.to_string())
    };
    read.map_err(|error| {
        Failure::File(lang.pick(
            format!("模型“{name}”有误，请按提示修改：\n{error}"),
            format!("the model `{name}` is not right, correct it as told:\n{error}"),
        ))
    })
}

/// A model for records that nobody has described. They are looked at in the order of their ids: a guess looks at some of
/// the rows, and these must not depend on how the rows came.
pub(super) fn guess(records: &Records) -> Result<Model, LinkError> {
    let (order, table) = (records.ids.sorted(), &records.table);
    if order.is_sorted() {
        return Ok(baoxue_link::guess(table).model);
    }
    let in_order =
        |column: &Column| Column::new(column.name(), order.iter().map(|row| column.text(*row)));
    let columns = table.columns().iter().map(in_order).collect();
    Ok(baoxue_link::guess(&Table::new(columns, Vec::new())?).model)
}

/// A built-in model for records whose source is known: how rarely a person stands twice in one source is learnt, and counts
/// for a pair as every other field does. A model from a file is used as it is.
pub(super) fn with_source(mut model: Model, from: &ModelSource, column: &str) -> Model {
    let level = |name: &str, m: f64, u: f64| Level {
        name: name.to_owned(),
        m,
        u,
        family: Some(u),
        term_frequency_weight: 0.0,
    };
    if !matches!(from, ModelSource::File(_)) {
        // Fields about others stand at the end.
        let is_about = |field: &FieldModel| field.comparator == Comparator::Together;
        let at = model.fields.iter().position(is_about).unwrap_or(model.fields.len());
        let source = FieldModel {
            name: "source".to_owned(),
            columns: vec![column.to_owned()],
            comparator: Comparator::Exact,
            of: Vec::new(),
            term_frequency: false,
            contained_in: Vec::new(),
            levels: vec![level("equal", 0.05, 0.25), level("other", 0.95, 0.75)],
        };
        model.fields.insert(at, source);
    }
    model
}

/// Chooses the pairs that training looks at: the same in every run.
pub(super) const SEED: u64 = 1;

/// Learns what the table can teach, when the job asks for it.
pub(super) fn train(job: &mut Job, progress: &mut dyn FnMut(Progress)) -> Result<(), LinkError> {
    if job.trains {
        let trained =
            train_model(&job.records.table, &job.model, &job.constraints, SEED, progress)?;
        job.take(trained);
    }
    Ok(())
}

/// Links, after training when the job asks for it. Where people have ruled nobody is asked again.
pub(super) fn link(
    job: &mut Job,
    progress: &mut dyn FnMut(Progress),
) -> Result<Linkage, LinkError> {
    if job.trains {
        let (trained, linkage) =
            train_and_link(&job.records.table, &job.model, &job.constraints, SEED, progress)?;
        job.take(trained);
        Ok(linkage)
    } else {
        clusters(&job.records.table, &job.model, &job.constraints, progress)
    }
}

/// Links and keeps what is needed to go on, after training when the job asks for it.
pub(super) fn keep(job: &mut Job, progress: &mut dyn FnMut(Progress)) -> Result<Linker, LinkError> {
    train(job, progress)?;
    let Job { records, model, constraints, .. } = job;
    Linker::new(records.table.clone(), model.clone(), constraints.clone(), progress)
}

/// The columns that a model needs, each once.
pub(super) fn columns(model: &Model) -> Vec<String> {
    let fields = model.fields.iter().flat_map(|field| &field.columns);
    let keys = model
        .blocks
        .iter()
        .chain(&model.relatives)
        .flat_map(|rule| rule.keys.iter().chain(&rule.refine));
    let identity = model.identity.iter().flat_map(IdentityRule::columns);
    let mut columns: Vec<String> = Vec::new();
    for name in fields.chain(keys.flat_map(|key| &key.columns)).chain(identity) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}
