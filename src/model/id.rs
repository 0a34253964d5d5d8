//! Numbers and ids: one type per noun, so that one is never passed for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! number_type {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number_type! {
    /// A message, numbered from 1 in the order of first arrival.
    MessageNo(u64)
}
number_type! {
    /// An item, numbered from 1 in the order of arrival.
    ItemNo(u64)
}
number_type! {
    /// A mailbox, numbered from 1.
    MailboxNo(u32)
}
number_type! {
    /// A folder, numbered from 1 over the whole archive.
    FolderNo(u32)
}
number_type! {
    /// A batch, numbered from 1.
    BatchNo(u64)
}
number_type! {
    /// A connector, numbered from 1.
    ConnectorNo(u64)
}
number_type! {
    /// A match of a supervision policy, numbered from 1 over the whole archive.
    SupervisionMatchNo(u64)
}
number_type! {
    /// A pack of the store, numbered from 1.
    PackNo(u64)
}
number_type! {
    /// A part stored once, numbered from 1.
    PartNo(u64)
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                u64::from_str_radix(text, 16).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_u64(self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    u64::deserialize(deserializer).map(Self)
                }
            }
        }
    };
}

id_type! {
    /// A hold; written as 16 hexadecimal digits and accepted by unique prefix.
    HoldId
}
id_type! {
    /// A retention policy; written as 16 hexadecimal digits and accepted by unique prefix.
    PolicyId
}
id_type! {
    /// A retention label; written as 16 hexadecimal digits and accepted by unique prefix.
    LabelId
}
id_type! {
    /// A case; written as 16 hexadecimal digits and accepted by unique prefix.
    CaseId
}
id_type! {
    /// A supervision policy; written as 16 hexadecimal digits and accepted by unique prefix.
    SupervisionPolicyId
}
id_type! {
    /// A hold notice; written as 16 hexadecimal digits and accepted by unique prefix.
    HoldNoticeId
}
