//! The tree and its proofs agree with the recursive definition, and with published vectors.

mod properties;
mod vectors;

use std::collections::HashMap;
use std::convert::Infallible;

use super::{TreeHash, append, empty_root, leaf_hash, node_hash};

/// A log in memory, grown by `append` alone.
#[derive(Default)]
struct Log {
    leaves: Vec<TreeHash>,
    nodes: HashMap<(u8, u64), TreeHash>,
}

impl Log {
    fn of_size(size: u64) -> Self {
        let mut log = Self::default();
        (0..size).for_each(|n| log.push(&n.to_le_bytes()));
        log
    }

    fn push(&mut self, record: &[u8]) {
        let leaf = leaf_hash(record);
        let Ok(nodes) = append(self.leaves.len() as u64, leaf, |level, index| self.read(level, index));
        for (level, index, hash) in nodes {
            assert!(self.nodes.insert((level, index), hash).is_none(), "node {level} {index} written twice");
        }
        self.leaves.push(leaf);
    }

    #[expect(clippy::unnecessary_wraps)]
    fn read(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        Ok(self.nodes[&(level, index)])
    }

    /// The definition of RFC 6962 2.1, word for word.
    fn naive_root(leaves: &[TreeHash]) -> TreeHash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(Self::naive_root(&leaves[..split]), Self::naive_root(&leaves[split..]))
            }
        }
    }
}
