//! Logistic regression with a ridge, by Newton's method: small, exact, the same on every machine.

#![allow(clippy::cast_precision_loss, reason = "counts are small")]

/// Weights of features on their own scale, and what a row without any has.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// One a feature.
    pub(crate) weights: Vec<f64>,
    /// The constant.
    pub(crate) bias: f64,
    /// How much each weight moves the sum by one standard deviation of its feature.
    pub(crate) effects: Vec<f64>,
}

impl Model {
    /// The weighted sum of a row: the logarithm of the odds.
    pub(crate) fn sum(&self, row: &[f32]) -> f64 {
        self.bias
            + row.iter().zip(&self.weights).map(|(value, weight)| f64::from(*value) * weight).sum::<f64>()
    }
}

/// Fits a model; `ridge` is the precision of the normal prior of each standardised weight.
pub(crate) fn fit(rows: &[(&[f32], bool)], ridge: f64) -> Model {
    let count = rows.first().map_or(0, |(row, _)| row.len());
    let total = rows.len() as f64;
    let mean: Vec<f64> =
        (0..count).map(|at| rows.iter().map(|(row, _)| f64::from(row[at])).sum::<f64>() / total).collect();
    let deviation: Vec<f64> = (0..count)
        .map(|at| {
            let square = |row: &[f32]| (f64::from(row[at]) - mean[at]).powi(2);
            (rows.iter().map(|(row, _)| square(row)).sum::<f64>() / total).sqrt()
        })
        .collect();
    let standard = |row: &[f32]| -> Vec<f64> {
        let value = |at: usize| {
            if deviation[at] > 0.0 { (f64::from(row[at]) - mean[at]) / deviation[at] } else { 0.0 }
        };
        (0..count).map(value).chain([1.0]).collect()
    };
    let rows: Vec<(Vec<f64>, f64)> =
        rows.iter().map(|(row, label)| (standard(row), f64::from(u8::from(*label)))).collect();
    let size = count + 1;
    let mut weights = vec![0.0; size];
    for _ in 0..30 {
        let mut gradient: Vec<f64> =
            (0..size).map(|at| if at < count { -ridge * weights[at] } else { 0.0 }).collect();
        let mut curvature = vec![vec![0.0; size]; size];
        for (at, row) in curvature.iter_mut().enumerate() {
            row[at] = if at < count { ridge } else { 1e-9 };
        }
        for (row, label) in &rows {
            let sum: f64 = row.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let probability = 1.0 / (1.0 + (-sum).exp());
            let weight = (probability * (1.0 - probability)).max(1e-9);
            for one in 0..size {
                gradient[one] += (label - probability) * row[one];
                for other in 0..size {
                    curvature[one][other] += weight * row[one] * row[other];
                }
            }
        }
        let step = solve(curvature, gradient);
        weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step);
        if step.iter().all(|step| step.abs() < 1e-9) {
            break;
        }
    }
    let own: Vec<f64> =
        (0..count).map(|at| if deviation[at] > 0.0 { weights[at] / deviation[at] } else { 0.0 }).collect();
    let bias = weights[count] - own.iter().zip(&mean).map(|(weight, mean)| weight * mean).sum::<f64>();
    Model { weights: own, bias, effects: weights[..count].to_vec() }
}

/// Solves a symmetric positive system by elimination with pivots.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|one, other| matrix[*one][column].abs().total_cmp(&matrix[*other][column].abs()))
            .unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..size {
            let factor = matrix[row][column] / matrix[column][column];
            let (above, below) = matrix.split_at_mut(row);
            below[0]
                .iter_mut()
                .zip(&above[column])
                .skip(column)
                .for_each(|(value, top)| *value -= factor * top);
            right[row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
