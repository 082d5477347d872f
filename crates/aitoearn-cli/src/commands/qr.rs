//! QR codes in a terminal: of an address, or read from the picture that a platform sends.

use std::io::{Cursor, Write as _};

use anstyle::{AnsiColor, Style};
use qrcode::{Color, QrCode};

/// A picture of a code is a few hundred pixels wide.
const LARGEST: u32 = 4096;
/// Light modules around a code, which scanners want.
const QUIET: usize = 2;

/// The modules of a code, row by row; `true` is dark.
pub(crate) type Modules = Vec<Vec<bool>>;

/// The code of a text; `None` if it is too long for one.
pub(crate) fn of(text: &str) -> Option<Modules> {
    let code = QrCode::new(text).ok()?;
    let colors = code.to_colors();
    let rows = colors.chunks(code.width());
    Some(
        rows.map(|row| row.iter().map(|it| *it == Color::Dark).collect())
            .collect(),
    )
}

/// The code in a PNG picture; `None` if there is none to be seen.
pub(crate) fn in_png(bytes: &[u8]) -> Option<Modules> {
    let picture = Picture::read(bytes)?;
    let (left, right) = bounds(picture.width, |x| {
        (0..picture.height).any(|y| picture.is_dark(x, y))
    })?;
    let (top, bottom) = bounds(picture.height, |y| {
        (0..picture.width).any(|x| picture.is_dark(x, y))
    })?;
    // In the corner is a square of seven modules.
    let corner = (left..=right)
        .take_while(|x| picture.is_dark(*x, top))
        .count();
    let (width, height) = (right - left + 1, bottom - top + 1);
    let count = (width * 7 + corner / 2) / corner.max(1);
    let is_code =
        (21..=177).contains(&count) && count % 4 == 1 && width.abs_diff(height) * count < width;
    if !is_code {
        return None;
    }
    let middle =
        |start: usize, size: usize, index: usize| start + (2 * index + 1) * size / (2 * count);
    let row = |y: usize| {
        let y = middle(top, height, y);
        (0..count)
            .map(|x| picture.is_dark(middle(left, width, x), y))
            .collect()
    };
    Some((0..count).map(row).collect())
}

/// Dark or not, pixel by pixel.
struct Picture {
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

impl Picture {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().ok()?;
        let info = reader.info();
        if info.width > LARGEST || info.height > LARGEST {
            return None;
        }
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut pixels).ok()?;
        let samples = frame.color_type.samples();
        let dark = pixels[..frame.buffer_size()]
            .chunks_exact(samples)
            .map(|pixel| {
                let (colors, alpha) = match samples {
                    2 | 4 => pixel.split_at(samples - 1),
                    _ => (pixel, &[255][..]),
                };
                let light: u32 = colors.iter().map(|it| u32::from(*it)).sum();
                light < 128 * u32::try_from(colors.len()).unwrap_or(1)
                    && alpha.iter().all(|it| *it >= 128)
            });
        Some(Self {
            width: usize::try_from(frame.width).ok()?,
            height: usize::try_from(frame.height).ok()?,
            dark: dark.collect(),
        })
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width
            && self
                .dark
                .get(y * self.width + x)
                .copied()
                .unwrap_or_default()
    }
}

/// The first and the last place at which something is.
fn bounds(size: usize, is_there: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let first = (0..size).find(|at| is_there(*at))?;
    let last = (0..size).rev().find(|at| is_there(*at))?;
    Some((first, last))
}

/// Light modules are drawn, so that it is right on a dark terminal also without colours.
fn drawn(modules: &Modules) -> String {
    let size = modules.len() + 2 * QUIET;
    let is_light = |x: usize, y: usize| {
        let inner = x.checked_sub(QUIET).zip(y.checked_sub(QUIET));
        let dark = inner.and_then(|(x, y)| modules.get(y)?.get(x).copied());
        y < size && !dark.unwrap_or_default()
    };
    let style: Style = AnsiColor::BrightWhite.on(AnsiColor::Black);
    let mut text = String::new();
    for y in (0..size).step_by(2) {
        let half = |x: usize| match (is_light(x, y), is_light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        let line: String = (0..size).map(half).collect();
        text += &format!("{style}{line}{style:#}\n");
    }
    text
}

/// Shows a code on standard error, as everything but results.
pub(crate) fn show(modules: &Modules) {
    let mut err = anstream::AutoStream::auto(std::io::stderr().lock());
    // The address is printed, too.
    let _ = err.write_all(drawn(modules).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of modules, so many pixels each, with a margin.
    fn png(modules: &Modules, scale: usize, margin: usize) -> Vec<u8> {
        let size = modules.len() * scale + 2 * margin;
        let mut pixels = vec![255; size * size];
        for y in 0..modules.len() * scale {
            for x in 0..modules.len() * scale {
                if modules[y / scale][x / scale] {
                    pixels[(y + margin) * size + x + margin] = 10;
                }
            }
        }
        let mut bytes = Vec::new();
        let edge = u32::try_from(size).unwrap();
        let mut encoder = png::Encoder::new(&mut bytes, edge, edge);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn a_picture_of_a_code_is_read_module_by_module() {
        for text in [
            "https://example.org/a",
            "https://example.org/a/much/longer/address?with=a&query=string",
        ] {
            let modules = of(text).unwrap();
            for (scale, margin) in [(1, 0), (3, 4), (8, 32), (13, 1)] {
                assert_eq!(
                    in_png(&png(&modules, scale, margin)),
                    Some(modules.clone()),
                    "{scale} {margin}"
                );
            }
        }
    }

    #[test]
    fn other_pictures_are_no_codes() {
        assert_eq!(in_png(b"no picture"), None);
        assert_eq!(in_png(&png(&vec![vec![true]], 1, 0)), None);
        assert_eq!(in_png(&png(&vec![vec![false]], 5, 5)), None);
        assert_eq!(in_png(&png(&vec![vec![true; 30]; 30], 2, 2)), None);
    }

    #[test]
    fn it_is_drawn_light_on_dark_with_a_margin() {
        let plain =
            anstream::adapter::strip_str(&drawn(&vec![vec![true, false], vec![true, true]]))
                .to_string();
        assert_eq!(plain, "██████\n██ ▀██\n██████\n");
    }
}
