//! The kernel that sums over draws what the orders of a group are made of, written for each size of groups: with a name for each
//! number, as loops over arrays would put them into slow memory.

use std::fmt::Write;

/// Draws of a group that a thread goes through.
pub const SLICE: usize = 1_024;

/// What the sums of a group are: the probability of each order, and Σ p ln p over the orders.
pub fn count(size: usize) -> usize {
    (1..=size).product::<usize>() + 1
}

/// The kernel `sum` in WGSL; `math.wgsl` and `group_params.wgsl` go before it.
pub fn source(size: usize) -> String {
    let all = (1_usize << size) - 1;
    let models = || 0..size;
    let mut body = String::new();
    let mut line = |text: String| _ = writeln!(body, "        {text}");

    models().for_each(|i| line(format!("let x{i} = worths[row + m{i}];")));
    line(format!("let top = {};", models().skip(1).fold("x0".to_owned(), |top, i| format!("max({top}, x{i})"))));
    for i in models() {
        line(format!("let l{i} = max(x{i} - top, -80.0);"));
        line(format!("let t{} = exponential(l{i});", 1 << i));
    }
    // Sets of models as bits: the sum of their worths, and how probable each model is to be the best of them.
    for set in (1..=all).filter(|set| set.count_ones() > 1) {
        line(format!("let t{set} = t{} + t{};", set & (set - 1), 1 << set.trailing_zeros()));
        line(format!("let r{set} = 1.0 / t{set};"));
        members(set).for_each(|i| line(format!("let f{set}_{i} = t{} * r{set};", 1 << i)));
    }
    // How probable each set is to be what is left at some time. ln p of an order is Σ (log-worth - ln of the total left) over its
    // places; over all orders each model has its place once, and the last one's log-worth is the total left.
    line(format!("let q{all} = 1.0;"));
    line(format!("var here = -logarithm(t{all});"));
    for set in (1..all).rev() {
        let ways: Vec<_> = members(all & !set).map(|i| format!("q{} * f{}_{i}", set | 1 << i, set | 1 << i)).collect();
        line(format!("let q{set} = {};", ways.join(" + ")));
        if set.count_ones() > 1 {
            line(format!("here -= q{set} * logarithm(t{set});"));
        } else {
            let i = set.trailing_zeros();
            line(format!("here += l{i} - q{set} * l{i};"));
        }
    }
    // Added at once: what is small would be lost beside the sum over many draws.
    line("certainty += here;".to_owned());
    let mut orders = 0;
    descend(all, "", &mut orders, &mut line);

    let (mut begin, mut store) = (String::new(), String::new());
    models().for_each(|i| _ = writeln!(begin, "    let m{i} = members[{i}u * params.groups + group];"));
    (0..orders).for_each(|order| _ = writeln!(begin, "    var o{order} = 0.0;"));
    for (place, name) in (0..orders).map(|order| format!("o{order}")).chain(["certainty".to_owned()]).enumerate() {
        _ = writeln!(store, "    summed[place + {place}u * params.groups] = {name};");
    }
    include_str!("sums.wgsl").replace("// BEGIN\n", &begin).replace("// BODY\n", &body).replace("// STORE\n", &store)
}

/// Goes through all orders of the models left, which is a set reached with the probability of this name.
fn descend(left: usize, reached: &str, orders: &mut usize, line: &mut impl FnMut(String)) {
    if left.count_ones() == 1 {
        line(format!("o{orders} += {reached};"));
        *orders += 1;
        return;
    }
    for i in members(left) {
        let (next, factor) = (format!("p{i}{reached}"), format!("f{left}_{i}"));
        let probability = if reached.is_empty() { factor } else { format!("{reached} * {factor}") };
        line(format!("let {next} = {probability};"));
        descend(left & !(1 << i), &next, orders, line);
    }
}

fn members(set: usize) -> impl Iterator<Item = usize> {
    (0..usize::BITS as usize).filter(move |i| set >> i & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_its_sum() {
        for size in 2..=5 {
            let source = source(size);
            for place in 0..count(size) {
                assert!(source.contains(&format!("summed[place + {place}u")), "{source}");
            }
            assert!(!source.contains(&format!("summed[place + {}u", count(size))));
        }
    }
}
