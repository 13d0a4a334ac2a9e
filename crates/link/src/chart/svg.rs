//! SVG text: an element with title and description, bars, lines, labels.

use std::fmt::Write;

/// Width of all charts in pixels.
pub(super) const WIDTH: f64 = 720.0;
/// Height of a row of bars.
pub(super) const ROW: f64 = 22.0;
/// Height above the first row: the chart's title.
pub(super) const TOP: f64 = 36.0;

/// Text.
pub(super) const INK: &str = "#152132";
/// Secondary text.
pub(super) const INK_2: &str = "#3f4d5f";
/// Hairlines.
pub(super) const LINE: &str = "#c3ccd7";
/// Speaks for.
pub(super) const FOR: &str = "#1a5a9c";
/// Speaks against.
pub(super) const AGAINST: &str = "#a85400";
/// Behind bars.
pub(super) const TRACK: &str = "#eef2f6";

const FONT: &str = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Segoe UI, sans-serif";

/// Where a label is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a bar is filled: each fill is told from the others in greyscale too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Blue.
    For,
    /// Orange with stripes.
    Against,
    /// Ink.
    Sum,
    /// Blue dots on white.
    Third,
    /// The track behind a bar.
    Track,
}

/// An SVG that is being drawn.
pub(super) struct Svg {
    name: &'static str,
    body: String,
    height: f64,
    title: String,
    describes: String,
}

impl Svg {
    /// An empty drawing. `name` is unique in a page; `title` is drawn, `describes` is the finding in a sentence.
    pub(super) fn new(name: &'static str, height: f64, title: &str, describes: &str) -> Self {
        let (title, describes) = (title.to_owned(), describes.to_owned());
        let mut svg = Self { name, body: String::new(), height, title, describes };
        let title = svg.title.clone();
        svg.write(&format!(
            "<text x=\"0\" y=\"18\" font-size=\"15\" font-weight=\"600\" fill=\"{INK}\">{}</text>\n",
            escape(&title)
        ));
        svg
    }

    /// A label.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        self.label((x, y), anchor, INK, text);
    }

    /// A label in the secondary colour.
    pub(super) fn note(&mut self, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        self.label((x, y), anchor, INK_2, text);
    }

    fn label(&mut self, (x, y): (f64, f64), anchor: Anchor, colour: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(text);
        self.write(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{text}</text>\n"
        ));
    }

    /// A bar; a negative width goes to the left.
    pub(super) fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: Fill) {
        let (x, width) = if width < 0.0 { (x + width, -width) } else { (x, width) };
        let name = self.name;
        let fill = match fill {
            Fill::For => FOR.to_owned(),
            Fill::Against => format!("url(#{name}-stripes)"),
            Fill::Sum => INK.to_owned(),
            Fill::Third => format!("url(#{name}-dots)"),
            Fill::Track => TRACK.to_owned(),
        };
        self.write(&format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>\n"
        ));
    }

    /// A line; dashed ones are told from others without colour.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), dashed: bool) {
        let dash = if dashed { " stroke-dasharray=\"4 3\"" } else { "" };
        self.write(&format!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{LINE}\"{dash}/>\n"
        ));
    }

    /// A curve through points.
    pub(super) fn curve(&mut self, points: &[(f64, f64)], colour: &str, dashed: bool) {
        let dash = if dashed { " stroke-dasharray=\"6 4\"" } else { "" };
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.write(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>\n",
            points.join(" ")
        ));
    }

    /// A point.
    pub(super) fn dot(&mut self, (x, y): (f64, f64)) {
        self.write(&format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{FOR}\"/>\n"));
    }

    fn write(&mut self, text: &str) {
        self.body.push_str(text);
    }

    /// The whole element.
    pub(super) fn finish(self) -> String {
        let Self { name, body, height, title, describes } = self;
        let mut svg = String::new();
        // Writing into a string cannot fail.
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" \
             height=\"{height:.0}\" role=\"img\" aria-labelledby=\"{name}-t {name}-d\" font-family=\"{FONT}\" font-size=\"12\">\n\
             <title id=\"{name}-t\">{}</title>\n<desc id=\"{name}-d\">{}</desc>\n{}{body}</svg>\n",
            escape(&title),
            escape(&describes),
            patterns(name, &body),
        );
        svg
    }
}

/// The patterns that the drawing uses.
fn patterns(name: &str, body: &str) -> String {
    let stripes = format!(
        "<pattern id=\"{name}-stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"6\" height=\"6\" fill=\"{AGAINST}\"/><rect width=\"2\" height=\"6\" fill=\"#f0c493\"/></pattern>"
    );
    let dots = format!(
        "<pattern id=\"{name}-dots\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
         <rect width=\"5\" height=\"5\" fill=\"#e8f1fa\"/><circle cx=\"2.5\" cy=\"2.5\" r=\"1.5\" fill=\"{FOR}\"/></pattern>"
    );
    let used: Vec<String> = [("stripes", stripes), ("dots", dots)]
        .into_iter()
        .filter(|(kind, _)| body.contains(&format!("url(#{name}-{kind})")))
        .map(|(_, pattern)| pattern)
        .collect();
    if used.is_empty() { String::new() } else { format!("<defs>{}</defs>\n", used.concat()) }
}

/// Text as it may stand between tags and in attributes of SVG and HTML. Characters that XML does not know become `�`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// A label of at most `most` characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Bits with their sign: the minus is a minus, not a hyphen.
pub(super) fn bits(bits: f64) -> String {
    if bits < -0.05 { format!("−{:.1}", -bits) } else { format!("+{:.1}", bits.abs()) }
}

/// A whole number with separators.
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count as a length; counts beyond 2^53 lose their last digits, which no eye sees.
#[expect(clippy::cast_precision_loss, reason = "a length in pixels")]
pub(super) const fn float(n: u64) -> f64 {
    n as f64
}

/// A number of rows as a height.
pub(super) fn rows(n: usize) -> f64 {
    float(n as u64) * ROW
}

/// A horizontal bar with its label on the left and its value on the right.
pub(super) struct Bar {
    pub(super) label: String,
    /// Its share of the width, 0 to 1.
    pub(super) share: f64,
    pub(super) value: String,
    pub(super) fill: Fill,
}

/// Bars below each other.
pub(super) fn bars(svg: &mut Svg, bars: &[Bar]) {
    const LEFT: f64 = 190.0;
    const RIGHT: f64 = 200.0;
    for (at, bar) in bars.iter().enumerate() {
        let y = TOP + rows(at);
        svg.text((LEFT - 8.0, y + 15.0), Anchor::End, &shortened(&bar.label, 24));
        let room = WIDTH - LEFT - RIGHT;
        svg.bar((LEFT, y + 4.0), (room, 14.0), Fill::Track);
        // What is there at all can be seen.
        let least = if bar.share > 0.0 { 1.0 } else { 0.0 };
        let width = (room * bar.share.clamp(0.0, 1.0)).max(least);
        svg.bar((LEFT, y + 4.0), (width, 14.0), bar.fill);
        svg.text((WIDTH - RIGHT + 8.0, y + 15.0), Anchor::Start, &bar.value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_tag_is_escaped() {
        assert_eq!(escape("<a b='1'>&\"\u{1}\n"), "&lt;a b=&#39;1&#39;&gt;&amp;&quot;\u{fffd} ");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([-1.25, 0.0, 3.0].map(bits), ["−1.2", "+0.0", "+3.0"]);
    }
}
