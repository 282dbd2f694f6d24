//! Works that are timed side by side, their samples taken in turn.

use std::{fmt, hint::black_box, time::Instant};

/// How long a sample lasts, about: long beside a reading of the clock, short beside a time slice.
const SAMPLE_NANOSECONDS: f64 = 100_000.0;

/// A work with the samples of how long it takes.
///
/// A machine whose speed changes changes the samples of one turn alike: a ratio of two lanes is
/// the median of the ratios of each turn.
pub struct Lane<'w> {
    repeat: Box<dyn Fn(u32) + 'w>,
    runs: u32,
    samples: Vec<f64>,
}

impl<'w> Lane<'w> {
    /// Finds out how many runs make a sample.
    pub fn new<T>(work: impl Fn() -> T + 'w) -> Self {
        let repeat = move |runs| {
            for _ in 0..runs {
                black_box(work());
            }
        };
        let mut lane = Self { repeat: Box::new(repeat), runs: 1, samples: Vec::new() };
        while lane.time() * f64::from(lane.runs) < SAMPLE_NANOSECONDS {
            lane.runs *= 2;
        }
        lane
    }

    /// Makes each sample of one run, for a work that is long beside a reading of the clock.
    pub fn of_one<T>(work: impl Fn() -> T + 'w) -> Self {
        Self { runs: 1, ..Self::new(work) }
    }

    /// Takes so many samples of all lanes, in turn.
    pub fn race<'l>(turns: usize, lanes: impl IntoIterator<Item = &'l mut Self>)
    where
        'w: 'l,
    {
        let mut lanes: Vec<_> = lanes.into_iter().collect();
        let count = lanes.len();
        for turn in 0..turns {
            for place in 0..count {
                lanes.get_mut(whose(turn, place, count)).into_iter().for_each(|lane| lane.sample());
            }
        }
    }

    /// Nanoseconds of one run: the median of the samples.
    pub fn median(&self) -> f64 {
        median(&self.samples)
    }

    /// How often the other's time goes into this one's.
    pub fn ratio_to(&self, other: &Self) -> f64 {
        let turns = self.samples.iter().zip(&other.samples);
        median(&turns.map(|(ours, theirs)| ours / theirs).collect::<Vec<_>>())
    }

    fn sample(&mut self) {
        let time = self.time();
        self.samples.push(time);
    }

    fn time(&self) -> f64 {
        let began = Instant::now();
        (self.repeat)(self.runs);
        began.elapsed().as_secs_f64() * 1e9 / f64::from(self.runs)
    }
}

impl fmt::Debug for Lane<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("runs", &self.runs).finish_non_exhaustive()
    }
}

/// Which of the lanes has that place in that turn.
///
/// What ran before leaves its traces in the caches, so each lane comes after each other one as
/// often, if their number is even, and about as often if it is odd.
fn whose(turn: usize, place: usize, count: usize) -> usize {
    let zigzag = if place % 2 == 1 { place.div_ceil(2) } else { count - place / 2 };
    (turn + zigzag) % count
}

fn median(samples: &[f64]) -> f64 {
    let mut samples = samples.to_vec();
    samples.sort_unstable_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_sample_in_the_middle() {
        assert!((median(&[3.0, 9.0, 1.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn each_lane_comes_after_each_other_one() {
        let order = |turn| [0, 1, 2, 3].map(|place| whose(turn, place, 4));
        assert_eq!(
            [0, 1, 2, 3].map(order),
            [[0, 1, 3, 2], [1, 2, 0, 3], [2, 3, 1, 0], [3, 0, 2, 1]]
        );
        let mut odd = [0, 1, 2].map(|place| whose(5, place, 3));
        odd.sort_unstable();
        assert_eq!(odd, [0, 1, 2]);
    }
}
