//! Scorers on this machine: the processor, and a GPU by Vulkan.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod scoring {
    #[cfg(feature = "gpu")]
    pub mod agreement;
    pub mod claims;
}

use k_sort::scoring::CpuScorer;
use scoring::claims;

#[test]
fn the_processor_meets_every_claim() {
    pollster::block_on(claims::all(&CpuScorer::single()));
}

#[cfg(feature = "gpu")]
mod gpu {
    use super::scoring::{agreement, claims};
    use k_sort::matchmaking::LOGISTIC_NOISE;
    use k_sort::scoring::{
        Candidates, GpuScorer, GroupQuestion, Halted, Pace, Resampling, Sampling, ScoreError, Scorer, Unpaced,
    };
    use std::io::Write;
    use std::pin::Pin;

    /// Fails where there is no adapter; one in software will do, such as Mesa's llvmpipe.
    async fn scorer() -> GpuScorer {
        let scorer = GpuScorer::new().await.unwrap();
        // Printed past the test runner, which keeps to itself what succeeds.
        _ = writeln!(std::io::stderr(), "adapter: {}", scorer.device());
        scorer
    }

    #[test]
    fn it_meets_every_claim() {
        pollster::block_on(async { claims::all(&scorer().await).await });
    }

    #[test]
    fn it_agrees_with_the_processor() {
        pollster::block_on(async { agreement::all(&scorer().await).await });
    }

    #[test]
    fn a_lost_device_is_an_error_of_every_job() {
        pollster::block_on(async {
            let scorer = scorer().await;
            let belief = claims::tangled(5);
            assert!(!scorer.is_lost());
            scorer.destroy();
            assert!(scorer.is_lost());
            let of_the_device = |error: ScoreError| assert!(matches!(error, ScoreError::Device { .. }), "{error}");
            of_the_device(scorer.pairwise_gain(&belief, LOGISTIC_NOISE, &Unpaced).await.unwrap_err());
            of_the_device(scorer.rank_distribution(&belief, Sampling::default(), &Unpaced).await.unwrap_err());
            let question =
                GroupQuestion { candidates: Candidates::All { size: 3, best: 1 }, sampling: Sampling { draws: 9, seed: 1 } };
            of_the_device(scorer.group_gain(&belief, &question, &Unpaced).await.unwrap_err());
            let resampling = Resampling { replicates: 5, seed: 1, prior_sd: 1.0 };
            of_the_device(scorer.bootstrap(5, &claims::rankings(5, 3, 20), resampling, &Unpaced).await.unwrap_err());
        });
    }

    /// Gives the device up at a pause, and goes on.
    struct Destroys<'s>(&'s GpuScorer);

    impl Pace for Destroys<'_> {
        fn pause(&self) -> Pin<Box<dyn Future<Output = Result<(), Halted>> + '_>> {
            self.0.destroy();
            Box::pin(std::future::ready(Ok(())))
        }
    }

    #[test]
    fn a_device_that_is_lost_amid_a_job_ends_it() {
        pollster::block_on(async {
            let scorer = scorer().await;
            let found = scorer.rank_distribution(&claims::tangled(50), Sampling::default(), &Destroys(&scorer)).await;
            assert!(matches!(found, Err(ScoreError::Device { .. })), "{found:?}");
        });
    }

    #[test]
    fn what_does_not_fit_the_device_is_an_error_and_harms_nothing() {
        pollster::block_on(async {
            let scorer = scorer().await;
            let belief = claims::tangled(900);
            let sampling = Sampling { draws: 100_000, seed: 1 };
            let question = GroupQuestion { candidates: Candidates::Listed(&[vec![0, 1]]), sampling };
            // 360 MB of draws: either there is room for them, or it is said that there is not.
            let found = scorer.group_gain(&belief, &question, &Unpaced).await;
            assert!(matches!(found, Ok(_) | Err(ScoreError::Device { .. })), "{found:?}");
            assert!(!scorer.is_lost());
        });
    }

    #[test]
    fn ties_are_left_to_the_processor() {
        use k_sort::ranking::Ballot;
        pollster::block_on(async {
            let votes = [(Ballot::new([vec![0, 1], vec![2]]), 1.0)];
            let resampling = Resampling { replicates: 5, seed: 1, prior_sd: 1.0 };
            let found = scorer().await.bootstrap(3, &votes, resampling, &Unpaced).await;
            assert!(matches!(found, Err(ScoreError::Unsupported { .. })), "{found:?}");
        });
    }
}
