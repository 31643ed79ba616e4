//! Parameters of greatest likelihood.

use argmin::core::{CostFunction, Executor};
use argmin::solver::neldermead::NelderMead;

/// Most steps of the simplex; a fit of four parameters takes about 150.
const STEPS: u64 = 2_000;

/// The likelihoods of the simplex' corners differ by less than this where it stops.
const SETTLED: f64 = 1e-10;

/// Logarithms of parameters stay between these: beyond them the likelihood is flat, and the parameter means nothing.
const FARTHEST: f64 = 14.0;

struct Cost<F>(F);

impl<F: Fn(&[f64]) -> f64> CostFunction for Cost<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, logs: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        let is_inside = logs.iter().all(|log| log.abs() < FARTHEST);
        let parameters: Vec<f64> = logs.iter().map(|log| log.exp()).collect();
        let cost = if is_inside {
            -(self.0)(&parameters)
        } else {
            f64::MAX
        };
        Ok(if cost.is_nan() { f64::MAX } else { cost })
    }
}

/// The positive parameters at which a mean log-likelihood is greatest, from a start, and what it is there: the simplex
/// method (Nelder and Mead, "A simplex method for function minimization", The Computer Journal 7, 1965) on their logarithms,
/// begun anew once from where it ended. None where no likelihood is finite.
pub fn greatest<const N: usize>(
    start: [f64; N],
    likelihood: impl Fn(&[f64]) -> f64,
) -> Option<([f64; N], f64)> {
    let mut best: Vec<f64> = start.iter().map(|one| one.ln()).collect();
    let mut least = f64::MAX;
    for step in [1.0, 0.3] {
        let mut simplex = vec![best.clone()];
        simplex.extend((0..N).map(|at| {
            let mut corner = best.clone();
            corner[at] += step;
            corner
        }));
        let solver = NelderMead::new(simplex).with_sd_tolerance(SETTLED).ok()?;
        let found = Executor::new(Cost(&likelihood), solver)
            .configure(|state| state.max_iters(STEPS))
            .run()
            .ok()?;
        best.clone_from(found.state.best_param.as_ref()?);
        least = found.state.best_cost;
    }
    let parameters: Vec<f64> = best.iter().map(|log| log.exp()).collect();
    (least < f64::MAX).then_some((parameters.try_into().ok()?, -least))
}
