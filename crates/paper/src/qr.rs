//! The code on a paper that leads to its check page.

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;

/// Longest run of digits that may stand in the address: shorter than any identity number (15 or 18) and any bank card.
const DIGITS: usize = 14;

/// Longest address: beyond it the squares are too small for a cheap telephone.
const LENGTH: usize = 200;

/// The code as a square of grey values, a byte for each of its squares, row by row; and its width. None for no address.
///
/// # Errors
/// When the address is no http(s) address, is too long, or could carry a name or an identity number.
pub(crate) fn pixels(address: &str) -> Result<Option<(Vec<u8>, usize)>, PaperError> {
    if address.is_empty() {
        return Ok(None);
    }
    check(address).map_err(|why| PaperError::Check { why })?;
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|_| PaperError::Check { why: "is too long" })?;
    let grey = |color: &Color| if *color == Color::Dark { 0 } else { 255 };
    Ok(Some((code.to_colors().iter().map(grey).collect(), code.width())))
}

fn check(address: &str) -> Result<(), &'static str> {
    if !(address.starts_with("https://") || address.starts_with("http://")) {
        return Err("is no http or https address");
    }
    if address.len() > LENGTH {
        return Err("is too long");
    }
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) || address.contains('%') {
        return Err(
            "has other signs than plain letters, digits and signs, so it could carry a name",
        );
    }
    if address.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() > DIGITS) {
        return Err("has so long a number that it could be an identity number");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_squares() {
        let (pixels, width) = pixels("https://jy.example.gov.cn/v/7K2M-9QXD").unwrap().unwrap();
        assert_eq!(pixels.len(), width * width);
        assert!(
            pixels[..7].iter().all(|grey| *grey == 0) && pixels[7] == 255,
            "the finder pattern"
        );
        assert_eq!(super::pixels(""), Ok(None));
    }

    #[test]
    fn neither_a_name_nor_an_identity_number_gets_into_the_code() {
        for wrong in [
            "https://a.cn/v/110101201303070011",
            "https://a.cn/v/11010120130307001X",
            "https://a.cn/v/王小宇",
            "https://a.cn/v/%E7%8E%8B",
            "7K2M-9QXD",
        ] {
            assert!(matches!(pixels(wrong), Err(PaperError::Check { .. })), "{wrong}");
        }
    }
}
