//! The run-length and bit-packed numbers of Parquet pages: definition levels and dictionary indices.
//!
//! Source: Parquet format, encodings, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".

/// The bytes end before the numbers do, or a number is wider than its page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// Appends `n` numbers of `width` bits to `out`.
pub(crate) fn decode(bytes: &[u8], width: u32, n: usize, out: &mut Vec<u32>) -> Result<(), Broken> {
    if width > 32 {
        return Err(Broken);
    }
    let mut rest = bytes;
    let end = out.len() + n;
    while out.len() < end {
        let head = varint(&mut rest)?;
        let left = end - out.len();
        if head & 1 == 0 {
            let run = usize::try_from(head >> 1).map_err(|_| Broken)?;
            let value = take(&mut rest, width.div_ceil(8) as usize)?;
            let value = value.iter().rev().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
            if run == 0 {
                return Err(Broken);
            }
            out.resize(out.len() + run.min(left), value);
        } else {
            let groups = usize::try_from(head >> 1).map_err(|_| Broken)?;
            let n_bytes = groups.checked_mul(width as usize).ok_or(Broken)?;
            // Writers may cut the padding of the last group off.
            let n_bytes = n_bytes.min(rest.len());
            let packed = take(&mut rest, n_bytes)?;
            let n_values = groups.checked_mul(8).ok_or(Broken)?.min(left);
            if n_values == 0 || packed.len() * 8 < n_values * width as usize {
                return Err(Broken);
            }
            unpack(packed, width, n_values, out);
        }
    }
    Ok(())
}

/// Bits from the least significant on.
fn unpack(packed: &[u8], width: u32, n: usize, out: &mut Vec<u32>) {
    if width == 0 {
        out.resize(out.len() + n, 0);
        return;
    }
    let mask = u64::MAX >> (64 - width);
    let (mut held, mut n_held) = (0_u64, 0_u32);
    let mut words = packed.chunks(4).map(|chunk| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from(u32::from_le_bytes(word))
    });
    out.extend((0..n).map(|_| {
        if n_held < width {
            held |= words.next().unwrap_or_default() << n_held;
            n_held += 32;
        }
        let value = held & mask;
        held >>= width;
        n_held -= width;
        u32::try_from(value).unwrap_or_default()
    }));
}

fn varint(rest: &mut &[u8]) -> Result<u64, Broken> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(rest, 1)?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Broken)
}

/// The next bytes.
pub(crate) fn take<'b>(rest: &mut &'b [u8], n: usize) -> Result<&'b [u8], Broken> {
    let (head, tail) = rest.split_at_checked(n).ok_or(Broken)?;
    *rest = tail;
    Ok(head)
}

/// A length of four bytes.
pub(crate) fn length(rest: &mut &[u8]) -> Result<usize, Broken> {
    let bytes = take(rest, 4)?;
    let length = bytes.iter().rev().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
    usize::try_from(length).map_err(|_| Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], width: u32, n: usize) -> Result<Vec<u32>, Broken> {
        let mut out = Vec::new();
        decode(bytes, width, n, &mut out).map(|()| out)
    }

    #[test]
    fn the_example_of_the_format_is_read() {
        let packed = [0b0000_0011, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(decoded(&packed, 3, 8), Ok((0..8).collect()));
    }

    #[test]
    fn runs_and_groups_follow_each_other() {
        assert_eq!(decoded(&[6, 5, 3, 0b1010_0101], 1, 7), Ok(vec![5, 5, 5, 1, 0, 1, 0]));
        assert_eq!(decoded(&[8, 0x34, 0x12], 13, 4), Ok(vec![0x1234; 4]));
        let wide: Vec<u8> =
            [3].into_iter().chain((1..9_u32).flat_map(|n| (n << 20).to_le_bytes())).collect();
        assert_eq!(decoded(&wide, 32, 8), Ok((1..9).map(|n| n << 20).collect()));
    }

    #[test]
    fn broken_bytes_end_in_an_error() {
        for bytes in [&[][..], &[0, 1], &[0xff; 9], &[3], &[1], &[5, 1]] {
            assert_eq!(decoded(bytes, 7, 16), Err(Broken), "{bytes:?}");
        }
        assert_eq!(decoded(&[8, 1], 33, 4), Err(Broken));
    }
}
