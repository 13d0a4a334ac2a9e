//! One number for all that counts in the database.

use std::{collections::BTreeSet, sync::Arc};

use serde::Serialize;
use sm3::{Digest, Sm3};
use tokio::task::spawn_blocking;

use crate::{
    BatchState, Store, StoreError,
    chunks::finished,
    keys::hex,
    read::{RowPages, open_rows},
    sql::begin_read,
};

/// Hashes values one after the other, each with its kind and length, so that no two contents look alike.
struct Digester(Sm3);

impl Digester {
    fn add<T: Serialize + ?Sized>(
        &mut self,
        kind: &'static str,
        value: &T,
    ) -> Result<(), StoreError> {
        let json = serde_json::to_vec(value).map_err(|_| StoreError::Damaged(kind))?;
        for part in [kind.as_bytes(), &json] {
            self.0.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            self.0.update(part);
        }
        Ok(())
    }
}

impl Store {
    /// SM3, in hexadecimal, over all that counts, decrypted, ordered and without times: two databases with the same
    /// content have the same digest, on either engine. Withdrawn batches, revoked decisions and runs before the newest
    /// do not count; an event that was logged twice, because a program was killed and started again, counts once.
    pub async fn digest(&self) -> Result<String, StoreError> {
        let mut digester = Digester(Sm3::new());
        self.digest_batches(&mut digester).await?;
        self.digest_records(&mut digester).await?;
        self.digest_journal(&mut digester).await?;
        self.digest_run(&mut digester).await?;
        Ok(hex(&digester.0.finalize()))
    }

    async fn digest_batches(&self, digester: &mut Digester) -> Result<(), StoreError> {
        for batch in self.batches().await? {
            if batch.state == BatchState::Withdrawn {
                continue;
            }
            let head = (batch.id, &batch.file, &batch.content_hash, batch.size_bytes);
            digester.add("batch", &(head, &batch.brought_by))?;
            digester.add("messages", &self.messages(batch.id).await?)?;
            for summary in &batch.sheets {
                let sheet = &summary.sheet;
                let head = (summary.index, &sheet.name, sheet.hidden, sheet.source, sheet.as_of);
                let counts = (sheet.n_rows, sheet.stated_total);
                digester.add("sheet", &(head, sheet.town, &sheet.fingerprint, counts))?;
                digester.add("reports", &sheet.reports)?;
            }
            self.digest_rows(digester, batch.id).await?;
        }
        Ok(())
    }

    async fn digest_rows(
        &self,
        digester: &mut Digester,
        batch: baoxue_claim::BatchId,
    ) -> Result<(), StoreError> {
        let tx = begin_read(&self.reader).await?;
        let mut pages = RowPages::all(batch);
        while let Some(page) = pages.next(&tx).await? {
            let sealer = Arc::clone(&self.sealer);
            let rows = spawn_blocking(move || open_rows(&sealer, batch, &page));
            for row in finished(rows).await? {
                let words = row.disposition.into_words();
                let reject = row.reject.map(|r| (r.column, r.code, r.zh, r.en));
                digester.add("row", &(row.sheet, row.row, words, row.cells, reject))?;
            }
        }
        Ok(())
    }

    async fn digest_records(&self, digester: &mut Digester) -> Result<(), StoreError> {
        let tx = begin_read(&self.reader).await?;
        let homes = self.homes().await?;
        let mut result = Ok(());
        self.each_live_record(&tx, |page| {
            for record in page {
                let home = homes.get(&record.id);
                if result.is_ok() {
                    result = digester.add("record", &(&record, home));
                }
            }
        })
        .await?;
        result
    }

    async fn digest_journal(&self, digester: &mut Digester) -> Result<(), StoreError> {
        for decision in self.decisions().await? {
            let made = decision.decision;
            let head = (decision.id.0, made.ruling.word(), made.records);
            digester.add("decision", &(head, made.reason, made.by))?;
        }
        for layout in self.layouts().await? {
            digester.add("layout", &(layout.sender, layout.fingerprint, layout.toml))?;
        }
        let events = self.events().await?.into_iter().map(|event| event.event);
        let distinct: BTreeSet<(String, String, String)> =
            events.map(|event| (event.what, event.by, event.body.to_string())).collect();
        digester.add("events", &distinct)
    }

    async fn digest_run(&self, digester: &mut Digester) -> Result<(), StoreError> {
        let Some(run) = self.latest_run().await? else { return Ok(()) };
        digester.add("run", &(run.as_of, run.rule_pack, run.model, run.input_digest))?;
        digester.add("children", &self.children().await?)?;
        for verdict in self.verdicts().await? {
            let head = (verdict.child, verdict.code, verdict.rule, verdict.claims);
            digester.add("verdict", &(head, verdict.body))?;
        }
        for conflict in self.conflicts().await? {
            digester.add("conflict", &(conflict.child, conflict.body))?;
        }
        for review in self.reviews().await? {
            digester.add("review", &review)?;
        }
        Ok(())
    }
}
