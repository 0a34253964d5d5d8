//! The acts that need the consent of a second person where dual control is on.

use std::fmt;
use std::str::FromStr;

/// An act that frees or destroys something, or lets that be done alone. Consent is to one act on one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlledAct {
    /// Releasing a hold.
    HoldRelease,
    /// Changing a hold so that it may cover less; also by releasing a custodian.
    HoldChange,
    /// Ending the delay after a release early.
    HoldEndDelay,
    /// Closing a case, which releases its holds.
    CaseClose,
    /// Changing retention rules so that an item could go earlier.
    RetentionChange,
    /// Setting another label on an item, which could go earlier for it.
    LabelSet,
    /// Taking the label off an item, which could go earlier for it.
    LabelClear,
    /// Executing a disposition plan.
    DispositionExecute,
    /// Saying that the clock was ahead, which dates acts anew.
    ClockCorrect,
    /// Turning dual control off.
    DualControlOff,
}

impl ControlledAct {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::HoldRelease,
        Self::HoldChange,
        Self::HoldEndDelay,
        Self::CaseClose,
        Self::RetentionChange,
        Self::LabelSet,
        Self::LabelClear,
        Self::DispositionExecute,
        Self::ClockCorrect,
        Self::DualControlOff,
    ];

    /// The word used in commands, JSON and the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HoldRelease => "hold.release",
            Self::HoldChange => "hold.change",
            Self::HoldEndDelay => "hold.end-delay",
            Self::CaseClose => "case.close",
            Self::RetentionChange => "retention.change",
            Self::LabelSet => "label.set",
            Self::LabelClear => "label.clear",
            Self::DispositionExecute => "disposition.execute",
            Self::ClockCorrect => "clock.correct",
            Self::DualControlOff => "dual-control.off",
        }
    }
}

impl fmt::Display for ControlledAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ControlledAct {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|act| act.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|act| act.as_str()).collect();
            format!("no act `{text}` needs consent: those that do are {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_known_by_its_word() {
        for act in ControlledAct::ALL {
            assert_eq!(act.as_str().parse(), Ok(act));
        }
        assert!("hold.place".parse::<ControlledAct>().is_err_and(|why| why.contains("hold.release, hold.change")));
    }
}
