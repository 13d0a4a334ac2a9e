//! From dated values to the settings of a day.

use chrono::NaiveDate;
use toml::Table;

use super::{Pack, RuleError, layer::Value};
use crate::{Settings, Thresholds};

/// Places of values that an error shows; more would hide what is wrong.
const SHOWN: usize = 3;

/// A configuration that does not give settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl Pack {
    /// The settings of a day: the values of the packs that hold on it, the upper before the lower, and before all the
    /// county's own, a table such as `[determine]` of its configuration.
    ///
    /// # Errors
    /// A key that is no setting, a value of another type, or a setting that no pack gives for the day.
    pub fn settings(&self, as_of: NaiveDate, county: &Table) -> Result<Settings, SettingsError> {
        let mut table = self.values_on(as_of);
        merge(&mut table, county);
        read(table, as_of).map_err(SettingsError)
    }

    /// The settings of a day without a county's own; rules that are tried alone have those of the built-in pack, and a day
    /// before the lowest pack's first has those of its first.
    pub(crate) fn settings_on(&self, day: NaiveDate) -> Result<Settings, SettingsError> {
        if self.layers.iter().all(|layer| layer.values.is_empty()) {
            return Self::builtin().settings_on(day);
        }
        let mut settings = self.settings(day.max(self.first_day()), &Table::new())?;
        settings.as_of = day;
        Ok(settings)
    }

    /// The first day on which the lowest pack holds: before it nothing is known of the rules.
    pub(crate) fn first_day(&self) -> NaiveDate {
        let values = self.layers.first().into_iter().flat_map(|layer| &layer.values);
        values.map(|value| value.since).min().unwrap_or(NaiveDate::MIN)
    }

    fn values_on(&self, day: NaiveDate) -> Table {
        let mut table = Table::new();
        for value in self.layers.iter().flat_map(|layer| layer.values_on(day)) {
            merge(&mut table, &value.as_table());
        }
        table
    }

    /// Values that no setting takes, and values that do not go together. Each fault is said once, of the value that is wrong.
    pub(super) fn value_faults(&self) -> Vec<RuleError> {
        let mut errors = Vec::new();
        for (at, layer) in self.layers.iter().enumerate() {
            // Each value on those of the packs below: another bad value beside it is not its fault.
            let below = Self { layers: self.layers[..at].to_vec(), texts: Vec::new() };
            let alone = layer.values.iter().filter(|_| at > 0).filter_map(|value| {
                let mut table = below.values_on(value.since.max(below.first_day()));
                merge(&mut table, &value.as_table());
                let message = take(table, value.since).err()?;
                Some(value.place.error(format!("value `{}`: {message}", value.key)))
            });
            let before = errors.len();
            errors.extend(alone);
            if errors.len() == before {
                let upto = Self { layers: self.layers[..=at].to_vec(), texts: Vec::new() };
                errors.extend(upto.together(&layer.values));
            }
        }
        errors
    }

    /// Values of the uppermost pack that do not go together with the others of their days: one error for the same keys,
    /// with the number and the places of the values.
    fn together(&self, values: &[Value]) -> Option<RuleError> {
        let fault = |value: &Value| {
            let day = value.since.max(self.first_day());
            read(self.values_on(day), value.since).err()
        };
        let message = values.iter().find_map(fault)?;
        let named: Vec<&Value> =
            values.iter().filter(|value| message.contains(value.key.as_str())).collect();
        let first = named.first().copied().or(values.first())?;
        let places: Vec<String> = named
            .iter()
            .take(SHOWN)
            .map(|value| format!("{}:{}", value.place.file, value.place.line))
            .collect();
        let more = match named.len() {
            0 | 1 => String::new(),
            n => format!(" ({n} values: {})", places.join(", ")),
        };
        Some(first.place.error(format!("value `{}`: {message}{more}", first.key)))
    }

    /// Names in a pack's order that are no rule's and no group's.
    pub(super) fn order_faults(&self) -> Vec<RuleError> {
        let known =
            |name: &str| self.all_rules().any(|rule| *rule.id == *name || rule.group == name);
        let orders = self.layers.iter().flat_map(|layer| &layer.values);
        let orders = orders.filter(|value| value.key == "order");
        let faults = orders.flat_map(|value| {
            let names = value.is.as_array().into_iter().flatten().filter_map(toml::Value::as_str);
            names.filter(|name| !known(name)).map(|name| {
                value.place.error(format!("`order`: there is no rule or group of rules `{name}`"))
            })
        });
        faults.collect()
    }
}

impl Value {
    /// The value alone, as a table.
    fn as_table(&self) -> Table {
        let mut keys = self.key.rsplit('.');
        let last = keys.next().unwrap_or_default().to_owned();
        let leaf: Table = [(last, self.is.clone())].into_iter().collect();
        keys.fold(leaf, |inner, key| {
            [(key.to_owned(), toml::Value::Table(inner))].into_iter().collect()
        })
    }
}

/// Puts the entries of `upper` over those of `table`, table by table.
fn merge(table: &mut Table, upper: &Table) {
    for (key, value) in upper {
        match (table.get_mut(key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => merge(below, above),
            _ => {
                table.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The settings of a table, whether or not its values go together.
fn take(mut table: Table, as_of: NaiveDate) -> Result<Settings, String> {
    table.insert("as_of".to_owned(), toml::Value::String(as_of.to_string()));
    table.try_into().map_err(|error: toml::de::Error| error.to_string().trim_end().to_owned())
}

fn read(table: Table, as_of: NaiveDate) -> Result<Settings, String> {
    let settings = take(table, as_of)?;
    let Thresholds { suspected_days, dropout_days, .. } = settings.thresholds;
    if suspected_days > dropout_days {
        return Err(format!(
            "thresholds.suspected_days = {suspected_days} lies above thresholds.dropout_days = {dropout_days}"
        ));
    }
    Ok(settings)
}
