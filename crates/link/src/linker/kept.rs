//! A linker as bytes, to go on another day.

use std::io::Write;

use super::{Grower, Linker};
use crate::{
    Column, Constraints, LinkError, Model, ReviewReason, Table, VetoReason,
    block::Index,
    cluster::{Settled, check_lengths},
    compare::{Compared, Scored},
    join::Refused,
    prepare::Prepared,
    saved::{Damaged, Pieces, put, put_bytes, put_i64s, put_u32s},
    texts::Texts,
};

/// Grows whenever comparators, keys or this form change: what an older program weighed must not be mixed with new weights.
const VERSION: u64 = 2;

const REASONS: [ReviewReason; 5] = [
    ReviewReason::Unsure,
    ReviewReason::ReviewOnly,
    ReviewReason::TwoIdentities,
    ReviewReason::SameSource,
    ReviewReason::WeakBridge,
];

const VETOES: [VetoReason; 4] = [
    VetoReason::CannotLink,
    VetoReason::TwoIdentities,
    VetoReason::SameSource,
    VetoReason::WeakBridge,
];

impl Linker {
    /// Writes rows, clusters and pairs, withdrawn rows included. Model and constraints are the caller's to keep.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn save(&self, out: &mut impl Write) -> std::io::Result<()> {
        put(out, VERSION)?;
        put(out, u64::from(self.n_counted))?;
        put_i64s(out, &self.table.keys())?;
        put(out, self.table.columns().len() as u64)?;
        for column in self.table.columns() {
            put_bytes(out, column.name().as_bytes())?;
            put_u32s(out, column.values())?;
            let (bytes, ends, turns) = column.texts().parts();
            put_bytes(out, bytes.as_bytes())?;
            put_u32s(out, ends)?;
            put_u32s(out, turns)?;
        }
        put_bytes(out, &self.gone.iter().map(|gone| u8::from(*gone)).collect::<Vec<u8>>())?;
        put_u32s(out, &self.cluster)?;
        put_pairs(out, self.compared.pairs.iter())?;
        put_pairs(out, self.compared.two_identities.iter())?;
        let Settled { review, refused } = &self.settled;
        put_pairs(out, review.iter().map(|(pair, _)| pair))?;
        put_bytes(out, &review.iter().map(|(_, why)| place(&REASONS, why)).collect::<Vec<u8>>())?;
        put_pairs(out, refused.iter().map(|refused| &refused.pair))?;
        put_bytes(out, &refused.iter().map(|r| place(&VETOES, &r.why)).collect::<Vec<u8>>())
    }

    /// A linker that goes on where [`save`](Self::save) stopped, with the model and the constraints that it had; these may
    /// be made from its table.
    ///
    /// # Errors
    /// [`LinkError::Saved`] when another version has saved it, [`LinkError::Damaged`] when the bytes are damaged;
    /// otherwise as for [`clusters`](crate::clusters).
    pub fn resume(
        bytes: &[u8],
        model: Model,
        constraints: impl FnOnce(&Table) -> Constraints,
    ) -> Result<Self, LinkError> {
        let mut pieces = Pieces(bytes);
        let version = pieces.number()?;
        if version != VERSION {
            return Err(LinkError::Saved { found: version, expected: VERSION });
        }
        let n_counted = u32::try_from(pieces.number()?).map_err(|_| Damaged)?;
        let table = table(&mut pieces)?;
        let n_rows = table.n_rows();
        let gone: Vec<bool> = pieces.bytes()?.iter().map(|gone| *gone != 0).collect();
        let cluster = pieces.u32s()?;
        let compared = Compared {
            pairs: pairs(&mut pieces, n_rows)?,
            two_identities: pairs(&mut pieces, n_rows)?,
        };
        let (review, why) = (pairs(&mut pieces, n_rows)?, pieces.bytes()?);
        let review = review.into_iter().zip(each(why, &REASONS)?).collect();
        let (refused, why) = (pairs(&mut pieces, n_rows)?, pieces.bytes()?);
        let refused = refused.into_iter().zip(each(why, &VETOES)?);
        let refused = refused.map(|(pair, why)| Refused { pair, why }).collect();
        let is_whole = n_counted <= n_rows
            && [gone.len(), cluster.len()].iter().all(|n| *n == n_rows as usize)
            && (0..).zip(&cluster).all(|(row, first)| *first <= row)
            && pieces.0.is_empty();
        if !is_whole {
            return Err(Damaged.into());
        }
        let constraints = constraints(&table);
        check_lengths(&constraints, n_rows)?;
        let (prepared, texts) = Prepared::counting(&table, &model, n_counted)?;
        let index = Index::new(&table, &model.blocks, &gone);
        let grower = Grower::new(&table, &model, texts);
        let settled = Settled { review, refused };
        let n_before = n_rows;
        Ok(Self {
            model,
            table,
            constraints,
            prepared,
            grower,
            index,
            n_counted,
            n_before,
            gone,
            cluster,
            compared,
            settled,
        })
    }
}

fn table(pieces: &mut Pieces<'_>) -> Result<Table, LinkError> {
    let keys = pieces.i64s()?;
    let mut columns = Vec::new();
    for _ in 0..pieces.number()? {
        let name = std::str::from_utf8(pieces.bytes()?).map_err(|_| Damaged)?;
        let values = pieces.u32s()?;
        let bytes = std::str::from_utf8(pieces.bytes()?).map_err(|_| Damaged)?;
        let texts = Texts::of_parts(bytes, pieces.u32s()?, pieces.u32s()?).ok_or(Damaged)?;
        columns.push(Column::of_parts(name, values, texts).ok_or(Damaged)?);
    }
    Table::new(columns, keys)
}

fn put_pairs<'p>(
    out: &mut impl Write,
    pairs: impl ExactSizeIterator<Item = &'p Scored>,
) -> std::io::Result<()> {
    let numbers = pairs.flat_map(|pair| [pair.left, pair.right, pair.bits.to_bits(), pair.tie]);
    put_u32s(out, &numbers.collect::<Vec<u32>>())
}

fn pairs(pieces: &mut Pieces<'_>, n_rows: u32) -> Result<Vec<Scored>, Damaged> {
    let numbers = pieces.u32s()?;
    let (pairs, rest) = numbers.as_chunks();
    let pair = |&[left, right, bits, tie]: &[u32; 4]| {
        let pair = Scored { left, right, bits: f32::from_bits(bits), tie };
        (left < right && right < n_rows).then_some(pair).ok_or(Damaged)
    };
    if rest.is_empty() { pairs.iter().map(pair).collect() } else { Err(Damaged) }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    let at = all.iter().position(|other| other == one);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn each<T: Copy>(places: &[u8], all: &[T]) -> Result<Vec<T>, Damaged> {
    places.iter().map(|at| all.get(usize::from(*at)).copied().ok_or(Damaged)).collect()
}
