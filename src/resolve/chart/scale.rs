//! Scales with round numbers.

/// About how many steps an axis has.
const STEPS: f64 = 5.0;
/// Steps that people can count in, as parts of a power of ten.
const ROUND: [f64; 4] = [1.0, 2.0, 2.5, 5.0];
/// A line chart starts at zero unless its values lie in the upper part of what would be shown: they
/// would be flattened then.
const UPPER_PART: f64 = 0.5;

/// An axis of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    pub step: f64,
}

/// Whether an axis has to show zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zero {
    /// Lengths are compared (bars).
    Always,
    /// Positions are compared (lines).
    WhereItFits,
}

impl Scale {
    /// A scale that shows the values between `low` and `high`.
    pub fn for_range(low: f64, high: f64, zero: Zero) -> Scale {
        let far = match zero {
            Zero::Always => false,
            Zero::WhereItFits => low > high * UPPER_PART || high < low * UPPER_PART,
        };
        let (low, high) = if far { (low, high) } else { (low.min(0.0), high.max(0.0)) };
        let range = if high - low > 0.0 { high - low } else { high.abs().max(1.0) };
        let step = round_step(range / STEPS);
        let high = high.max(low + range);
        Scale { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// The values that are marked.
    pub fn ticks(&self) -> Vec<f64> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = ((self.high - self.low) / self.step).round().clamp(1.0, 50.0) as u32;
        (0..=count).map(|at| self.low + f64::from(at) * self.step).collect()
    }

    /// Where a value lies between the ends, 0 to 1.
    pub fn position(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// How many digits after the decimal sign the ticks need.
    pub fn decimals(&self) -> usize {
        (0..=9)
            .find(|places| {
                let scaled = self.step * 10_f64.powi(*places);
                (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0)
            })
            .and_then(|places| usize::try_from(places).ok())
            .unwrap_or(0)
    }
}

fn round_step(wanted: f64) -> f64 {
    let power = 10_f64.powf(wanted.log10().floor());
    let part = ROUND.into_iter().find(|part| part * power >= wanted * (1.0 - 1e-9)).unwrap_or(10.0);
    part * power
}

/// A number with the language's signs.
pub fn written(value: f64, decimals: usize, decimal_sign: &str, group_sign: &str) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        // Four digits stay together.
        if at > 0 && left % 3 == 0 && whole.len() > 4 {
            grouped.push_str(group_sign);
        }
        grouped.push(digit);
    }
    let zero = plain.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}{decimal_sign}{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::{Scale, Zero, written};

    #[test]
    fn ticks_are_round() {
        let scale = Scale::for_range(3.0, 97.0, Zero::Always);
        assert_eq!(scale.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        let scale = Scale::for_range(-0.3, 0.9, Zero::Always);
        assert_eq!((scale.low, scale.step, scale.decimals()), (-0.5, 0.25, 2));
        assert!(Scale::for_range(980.0, 1010.0, Zero::WhereItFits).low > 900.0);
        assert_eq!(Scale::for_range(0.0, 0.0, Zero::Always).ticks().len(), 6);
    }

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(written(-12345.5, 1, ",", "."), "−12.345,5");
        assert_eq!(written(2011.0, 0, ".", ","), "2011");
    }
}
