//! What a stored value of a Parquet column reads as.

use std::fmt::Write;

use chrono::{DateTime, Timelike};
use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit, Type},
    schema::types::ColumnDescriptor,
};

/// Days from the Julian epoch to 1 January 1970.
const JULIAN_1970: i64 = 2_440_588;
const SECONDS_A_DAY: i64 = 86_400;

/// How the bytes of a value are understood. All are little-endian but for decimals in byte arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Bool,
    /// Signed, of 4 or 8 bytes.
    Signed,
    Unsigned,
    Float,
    Double,
    /// Days since 1970.
    Date,
    /// Parts of a second since 1970, so many to the second.
    Instant(i64),
    /// Parts of a second since midnight.
    Time(i64),
    /// Nanoseconds of the day, Julian day.
    Int96,
    /// Decimals of a signed number of 4 or 8 bytes.
    Decimal(u32),
    /// Decimals of a big-endian number of up to 16 bytes.
    BigDecimal(u32),
    Uuid,
}

impl Kind {
    /// What a column holds; `None` for what is no text, number or time.
    pub(crate) fn of(column: &ColumnDescriptor) -> Option<Self> {
        let logical = column.logical_type_ref();
        let scale = || u32::try_from(column.type_scale()).unwrap_or_default();
        let is_decimal = matches!(logical, Some(LogicalType::Decimal(_)))
            || column.converted_type() == ConvertedType::DECIMAL;
        match column.physical_type() {
            Type::BOOLEAN => Some(Self::Bool),
            Type::INT32 | Type::INT64 if is_decimal => Some(Self::Decimal(scale())),
            Type::INT32 | Type::INT64 => Some(Self::integer(column)),
            Type::INT96 => Some(Self::Int96),
            Type::FLOAT => Some(Self::Float),
            Type::DOUBLE => Some(Self::Double),
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY if is_decimal => {
                Some(Self::BigDecimal(scale()))
            }
            Type::BYTE_ARRAY => Some(Self::Text),
            Type::FIXED_LEN_BYTE_ARRAY => {
                matches!(logical, Some(LogicalType::Uuid)).then_some(Self::Uuid)
            }
        }
    }

    fn integer(column: &ColumnDescriptor) -> Self {
        let parts = |unit: TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        match column.logical_type_ref() {
            Some(LogicalType::Date) => return Self::Date,
            Some(LogicalType::Timestamp(of)) => return Self::Instant(parts(of.unit)),
            Some(LogicalType::Time(of)) => return Self::Time(parts(of.unit)),
            Some(LogicalType::Integer(of)) if !of.is_signed => return Self::Unsigned,
            Some(_) | None => {}
        }
        let unsigned = [
            ConvertedType::UINT_8,
            ConvertedType::UINT_16,
            ConvertedType::UINT_32,
            ConvertedType::UINT_64,
        ];
        let times = [
            (ConvertedType::DATE, Self::Date),
            (ConvertedType::TIMESTAMP_MILLIS, Self::Instant(1_000)),
            (ConvertedType::TIMESTAMP_MICROS, Self::Instant(1_000_000)),
            (ConvertedType::TIME_MILLIS, Self::Time(1_000)),
            (ConvertedType::TIME_MICROS, Self::Time(1_000_000)),
        ];
        let converted = column.converted_type();
        if unsigned.contains(&converted) {
            return Self::Unsigned;
        }
        let time = times.into_iter().find(|(of, _)| *of == converted);
        time.map_or(Self::Signed, |(_, kind)| kind)
    }

    /// The text of a value: as it stands, or written into `scratch`. `None` when the bytes are no such value.
    pub(crate) fn text<'t>(self, bytes: &'t [u8], scratch: &'t mut String) -> Option<&'t str> {
        if self == Self::Text {
            return std::str::from_utf8(bytes).ok();
        }
        scratch.clear();
        self.write(bytes, scratch)?;
        Some(scratch)
    }

    fn write(self, bytes: &[u8], out: &mut String) -> Option<()> {
        let written = match self {
            Self::Text => return None,
            Self::Bool => write!(out, "{}", bytes != [0]),
            Self::Signed => write!(out, "{}", signed(bytes)?),
            Self::Unsigned => write!(out, "{}", unsigned(bytes)?),
            Self::Float => float(f64::from(f32::from_le_bytes(bytes.try_into().ok()?)), out),
            Self::Double => float(f64::from_le_bytes(bytes.try_into().ok()?), out),
            Self::Date => instant(signed(bytes)?.checked_mul(SECONDS_A_DAY)?, out)?,
            Self::Instant(parts) => instant(signed(bytes)?.div_euclid(parts), out)?,
            Self::Time(parts) => {
                let second = signed(bytes)?.div_euclid(parts);
                write!(out, "{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
            }
            Self::Int96 => {
                let (nanos, day) = (signed(bytes.get(..8)?)?, signed(bytes.get(8..)?)?);
                instant((day - JULIAN_1970) * SECONDS_A_DAY + nanos / 1_000_000_000, out)?
            }
            Self::Decimal(scale) => decimal(i128::from(signed(bytes)?), scale, out),
            Self::BigDecimal(scale) => decimal(big_endian(bytes)?, scale, out),
            Self::Uuid => bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}")),
        };
        written.ok()
    }
}

/// A little-endian number of 4 or 8 bytes.
pub(crate) fn signed(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        4 => Some(i64::from(i32::from_le_bytes(bytes.try_into().ok()?))),
        _ => Some(i64::from_le_bytes(bytes.try_into().ok()?)),
    }
}

fn unsigned(bytes: &[u8]) -> Option<u64> {
    match bytes.len() {
        4 => Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?))),
        _ => Some(u64::from_le_bytes(bytes.try_into().ok()?)),
    }
}

/// A whole number without `.0`: programs keep a column of integers with gaps as floats. Not a number is no text.
fn float(value: f64, out: &mut String) -> std::fmt::Result {
    if value.is_nan() { Ok(()) } else { write!(out, "{value}") }
}

/// The day, and the time of day unless it is midnight.
fn instant(seconds: i64, out: &mut String) -> Option<std::fmt::Result> {
    let at = DateTime::from_timestamp(seconds, 0)?;
    let form = if at.num_seconds_from_midnight() == 0 { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M:%S" };
    Some(write!(out, "{}", at.format(form)))
}

fn decimal(value: i128, scale: u32, out: &mut String) -> std::fmt::Result {
    let whole = 10_u128.checked_pow(scale).unwrap_or(u128::MAX);
    let (size, sign) = (value.unsigned_abs(), if value < 0 { "-" } else { "" });
    if scale == 0 {
        return write!(out, "{value}");
    }
    write!(out, "{sign}{}.{:0width$}", size / whole, size % whole, width = scale as usize)
}

fn big_endian(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first()? & 0x80 != 0;
    let start = if negative { -1 } else { 0 };
    (bytes.len() <= 16).then(|| bytes.iter().fold(start, |all, byte| all << 8 | i128::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: Kind, bytes: &[u8]) -> Option<String> {
        kind.text(bytes, &mut String::new()).map(str::to_owned)
    }

    #[test]
    fn each_kind_reads_as_a_person_would_write_it() {
        let cases: [(Kind, &[u8], &str); 14] = [
            (Kind::Text, "张三".as_bytes(), "张三"),
            (Kind::Bool, &[1], "true"),
            (Kind::Signed, &(-5_i32).to_le_bytes(), "-5"),
            (Kind::Unsigned, &u64::MAX.to_le_bytes(), "18446744073709551615"),
            (Kind::Double, &610_122.0_f64.to_le_bytes(), "610122"),
            (Kind::Float, &1.5_f32.to_le_bytes(), "1.5"),
            (Kind::Double, &f64::NAN.to_le_bytes(), ""),
            (Kind::Date, &14_609_i32.to_le_bytes(), "2009-12-31"),
            (Kind::Instant(1000), &1_262_217_600_000_i64.to_le_bytes(), "2009-12-31"),
            (Kind::Instant(1000), &1_262_217_601_000_i64.to_le_bytes(), "2009-12-31 00:00:01"),
            (Kind::Time(1000), &3_661_000_i32.to_le_bytes(), "01:01:01"),
            (Kind::Decimal(2), &(-105_i64).to_le_bytes(), "-1.05"),
            (Kind::BigDecimal(1), &[0xff, 0xf5], "-1.1"),
            (Kind::Int96, &[0, 0, 0, 0, 0, 0, 0, 0, 0x8d, 0x3d, 0x25, 0], "1970-01-02"),
        ];
        for (kind, bytes, expected) in cases {
            assert_eq!(text(kind, bytes).as_deref(), Some(expected), "{kind:?}");
        }
    }

    #[test]
    fn bytes_of_another_length_are_no_value() {
        for kind in [Kind::Signed, Kind::Float, Kind::Date, Kind::Int96, Kind::BigDecimal(0)] {
            assert_eq!(text(kind, &[]), None, "{kind:?}");
        }
        assert_eq!(text(Kind::Text, &[0xff]), None);
    }
}
