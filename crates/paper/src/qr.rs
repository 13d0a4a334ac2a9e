//! The code on a paper that leads to its check page.

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;

/// Longest run of digits that may stand in the address: shorter than any identity number (15 or 18) and any bank card.
const DIGITS: usize = 14;

/// Longest address: beyond it the squares are too small for a cheap telephone.
const LENGTH: usize = 200;

/// The code as an SVG picture of squares, empty for no address.
///
/// # Errors
/// When the address is no http(s) address, is too long, or could carry a name or an identity number.
pub(crate) fn svg(address: &str) -> Result<String, PaperError> {
    if address.is_empty() {
        return Ok(String::new());
    }
    check(address).map_err(|why| PaperError::Check { why })?;
    let code = QrCode::with_error_correction_level(address, EcLevel::M)
        .map_err(|_| PaperError::Check { why: "is too long" })?;
    let width = code.width();
    let mut squares = String::new();
    for (at, color) in code.to_colors().iter().enumerate() {
        if *color == Color::Dark {
            let (column, row) = (at % width, at / width);
            squares.extend(["M", &column.to_string(), " ", &row.to_string(), "h1v1h-1z"]);
        }
    }
    Ok(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" shape-rendering="crispEdges"><path d="{squares}"/></svg>"#
    ))
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
        let svg = svg("https://jy.example.gov.cn/v/7K2M-9QXD").unwrap();
        assert!(svg.contains("viewBox=\"0 0 2"), "{svg}");
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
            assert!(matches!(svg(wrong), Err(PaperError::Check { .. })), "{wrong}");
        }
    }
}
