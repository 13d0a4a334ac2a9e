//! Distinct texts in one piece of memory.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

/// Cells longer than this many bytes are kept by their beginning and a digest: a column of huge cells must not fill the
/// memory, and nobody compares more than this.
const LONGEST: usize = 4096;

/// Distinct texts, numbered from 0; number 0 is the empty text.
#[derive(Clone, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    /// Where each text ends, the lower half.
    ends: Vec<u32>,
    /// The numbers of the texts with which the upper half grows by one. Only of texts of 4 GiB and more there are some.
    turns: Vec<u32>,
}

impl Texts {
    /// The empty text only.
    pub(crate) fn empty() -> Self {
        Self { bytes: String::new(), ends: vec![0], turns: Vec::new() }
    }

    /// How many there are, the empty one included.
    #[expect(clippy::len_without_is_empty, reason = "the empty text is always there")]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text with a number.
    ///
    /// # Panics
    /// When there is no such number.
    pub fn get(&self, number: u32) -> &str {
        &self.bytes[self.span(number)]
    }

    fn span(&self, number: u32) -> std::ops::Range<usize> {
        let end = self.end(number);
        let from = if number == 0 { 0 } else { self.end(number - 1) };
        from..end
    }

    fn end(&self, number: u32) -> usize {
        let low = self.ends[number as usize] as usize;
        if self.turns.is_empty() {
            return low;
        }
        low + (self.turns.partition_point(|turn| *turn <= number) << 32)
    }

    /// All texts by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> + '_ {
        self.from(0)
    }

    /// Those from a number on.
    pub(crate) fn from(&self, first: usize) -> impl Iterator<Item = &str> + '_ {
        let end = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        (u32::try_from(first).unwrap_or(end)..end).map(|number| self.get(number))
    }

    /// Whether a character stands in any of them.
    pub(crate) fn contain(&self, char: char) -> bool {
        self.bytes.contains(char)
    }

    /// All texts in one, where each ends (the lower half), and the numbers with which the upper half grows.
    pub(crate) fn parts(&self) -> (&str, &[u32], &[u32]) {
        (&self.bytes, &self.ends, &self.turns)
    }

    /// The texts of such parts; `None` when they do not fit together.
    pub(crate) fn of_parts(bytes: &str, ends: Vec<u32>, turns: Vec<u32>) -> Option<Self> {
        let texts = Self { bytes: bytes.to_owned(), ends, turns };
        let mut from = 0;
        let fits = |end: usize| {
            let fits = from <= end && bytes.is_char_boundary(end);
            from = end;
            fits
        };
        let n = u32::try_from(texts.ends.len()).ok()?;
        let all_fit = texts.turns.is_sorted() && (0..n).map(|number| texts.end(number)).all(fits);
        let is_whole = n > 0 && texts.end(0) == 0 && texts.end(n - 1) == bytes.len();
        (all_fit && is_whole).then_some(texts)
    }

    fn push(&mut self, text: &str) -> u32 {
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        let before = self.bytes.len() >> 32;
        self.bytes.push_str(text);
        if self.bytes.len() >> 32 > before {
            self.turns.push(number);
        }
        self.ends.push(low_half(self.bytes.len()));
        number
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.len())
    }
}

/// Distinct texts that may get more. Their slots are made when the first new one comes.
pub(crate) struct Growing {
    texts: Texts,
    slots: Option<Slots>,
}

impl Growing {
    pub(crate) const fn new(texts: Texts) -> Self {
        Self { texts, slots: None }
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// The number of a text, a new one when it is new.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        self.slots.get_or_insert_with(|| Slots::of(&self.texts)).intern(&mut self.texts, text)
    }
}

/// Numbers texts in the order in which they are first seen.
#[derive(Debug)]
pub(crate) struct Interner {
    texts: Texts,
    slots: Slots,
}

impl Interner {
    /// With the empty text only.
    pub(crate) fn new() -> Self {
        Self { texts: Texts::empty(), slots: Slots::new() }
    }

    /// The number of a text, a new one when it is new.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        self.slots.intern(&mut self.texts, text)
    }

    /// The numbers of many texts.
    pub(crate) fn intern_all(&mut self, many: &[&str], numbers: &mut Vec<u32>) {
        self.slots.intern_all(&mut self.texts, many, numbers);
    }

    pub(crate) fn finish(mut self) -> Texts {
        self.texts.bytes.shrink_to_fit();
        self.texts.ends.shrink_to_fit();
        self.texts
    }
}

/// Where the texts of a [`Texts`] stand.
///
/// An open table of its own: each slot holds half of the hash beside the number, so that neither growing nor a collision
/// has to look at a text, which is where the time of a table of texts goes.
pub(crate) struct Slots {
    /// Upper half: half of the hash. Lower half: the number, 0 for a free slot, since number 0 is never looked up.
    slots: Vec<u64>,
    hasher: FixedState,
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slots({})", self.slots.len())
    }
}

impl Slots {
    fn new() -> Self {
        Self { slots: vec![0; 16], hasher: FixedState::default() }
    }

    /// The slots of texts that are there already.
    pub(crate) fn of(texts: &Texts) -> Self {
        let slots = vec![0; (texts.len() * 2).next_power_of_two().max(16)];
        let mut all = Self { slots, hasher: FixedState::default() };
        for (number, text) in (0..).zip(texts.iter()).skip(1) {
            let hash = all.hash(text);
            let at = all.free(hash);
            all.slots[at] = hash | number;
        }
        all
    }

    /// The number of a text, a new one when it is new.
    pub(crate) fn intern(&mut self, texts: &mut Texts, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if text.len() > LONGEST {
            return self.intern_short(texts, &shortened(text));
        }
        self.intern_short(texts, text)
    }

    /// The numbers of many texts. What each needs from memory is asked for before the one before it has come.
    fn intern_all(&mut self, texts: &mut Texts, many: &[&str], numbers: &mut Vec<u32>) {
        let hashes: Vec<u64> = many.iter().map(|text| self.hash(text)).collect();
        let mask = self.slots.len() - 1;
        let seen = |hash: &u64| {
            let slot = self.slots[start(*hash, mask)];
            if slot & HASH == *hash { low(slot) } else { 0 }
        };
        let seen: Vec<u32> = hashes.iter().map(seen).collect();
        let spans: Vec<_> = seen.iter().map(|number| texts.span(*number)).collect();
        let bytes = texts.bytes.as_bytes();
        let same = |(text, span): (&&str, std::ops::Range<usize>)| text.as_bytes() == &bytes[span];
        let same: Vec<bool> = many.iter().zip(spans).map(same).collect();
        for (at, (text, hash)) in many.iter().zip(hashes).enumerate() {
            numbers.push(if same[at] {
                seen[at] // 0 when the text is empty
            } else if text.len() > LONGEST {
                self.intern(texts, text)
            } else {
                self.intern_hashed(texts, text, hash)
            });
        }
    }

    fn intern_short(&mut self, texts: &mut Texts, text: &str) -> u32 {
        self.intern_hashed(texts, text, self.hash(text))
    }

    fn intern_hashed(&mut self, texts: &mut Texts, text: &str, hash: u64) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = start(hash, mask);
        while self.slots[at] != 0 {
            let slot = self.slots[at];
            let number = low(slot);
            if slot & HASH == hash && texts.get(number) == text {
                return number;
            }
            at = (at + 1) & mask;
        }
        let number = texts.push(text);
        self.slots[at] = hash | u64::from(number);
        if texts.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let larger = vec![0; self.slots.len() * 2];
        let slots = std::mem::replace(&mut self.slots, larger);
        for slot in slots.into_iter().filter(|slot| *slot != 0) {
            let at = self.free(slot & HASH);
            self.slots[at] = slot;
        }
    }

    /// The first free slot for a hash.
    fn free(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = start(hash, mask);
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    fn hash(&self, text: &str) -> u64 {
        let mut state = self.hasher.build_hasher();
        state.write(text.as_bytes());
        state.finish() & HASH
    }
}

/// The half of a slot that is the hash.
const HASH: u64 = 0xffff_ffff_0000_0000;

/// The other half.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
const fn low(slot: u64) -> u32 {
    slot as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
const fn low_half(n: usize) -> u32 {
    n as u32
}

/// Where the search for a hash begins.
const fn start(hash: u64, mask: usize) -> usize {
    (hash >> 32) as usize & mask
}

/// The beginning of a long text and a digest of the whole.
fn shortened(text: &str) -> String {
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}\u{1f}{:016x}", &text[..end], crate::prepare::hash(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut interner = Interner::new();
        let numbers = ["张三", "", "李四", "张三"].map(|text| interner.intern(text));
        assert_eq!(numbers, [1, 0, 2, 1]);
        let texts = interner.finish();
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "张三", "李四"]);
    }

    #[test]
    fn many_texts_have_the_numbers_that_each_alone_would_have() {
        let huge = "长".repeat(3000);
        let many: Vec<String> = (0..20_000).map(|n| format!("{}", n * n % 7919)).collect();
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        many.extend(["", &huge, "12", &huge, ""]);
        let (mut one, mut all) = (Interner::new(), Interner::new());
        let expected: Vec<u32> = many.iter().map(|text| one.intern(text)).collect();
        let mut numbers = Vec::new();
        for part in many.chunks(300) {
            all.intern_all(part, &mut numbers);
        }
        assert_eq!(numbers, expected);
        assert_eq!(one.finish(), all.finish());
    }

    #[test]
    fn a_huge_text_is_kept_by_its_beginning() {
        let mut interner = Interner::new();
        let huge = "长".repeat(1_000_000);
        let first = interner.intern(&huge);
        assert_eq!(interner.intern(&huge), first);
        assert_ne!(interner.intern(&format!("{huge}!")), first);
        assert!(interner.finish().get(first).len() < 5000);
    }
}
