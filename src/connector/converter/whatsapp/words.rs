//! Words of dates and times: months, days of the week, halves of the day.

/// Names of months, in order, in the languages whose exports write them out; an abbreviation of three letters or more
/// stands for the first that it begins.
const MONTHS: [&str; 12] = [
    "january|januar|jänner|enero|janeiro|janvier|gennaio|januari|января|ocak|січня|tammikuuta|ledna|styczeń|stycznia",
    "february|februar|feber|febrero|fevereiro|février|febbraio|februari|февраля|şubat|лютого|helmikuuta|února|luty|lutego",
    "march|märz|marzo|março|mars|maart|марта|mart|березня|maaliskuuta|března|marzec|marca|mrt|mrz",
    "april|abril|avril|aprile|апреля|nisan|квітня|huhtikuuta|dubna|kwiecień|kwietnia",
    "may|mai|mayo|maio|maggio|mei|мая|май|mayıs|травня|toukokuuta|května|maj|maja",
    "june|juni|junio|junho|juin|giugno|июня|haziran|червня|kesäkuuta|června|czerwiec|czerwca",
    "july|juli|julio|julho|juillet|luglio|июля|temmuz|липня|heinäkuuta|července|lipiec|lipca",
    "august|agosto|août|augustus|augusti|августа|ağustos|серпня|elokuuta|srpna|sierpień|sierpnia",
    "september|septiembre|setiembre|setembro|septembre|settembre|сентября|eylül|вересня|syyskuuta|září|wrzesień|września",
    "october|oktober|octubre|outubro|octobre|ottobre|октября|ekim|жовтня|lokakuuta|října|październik|października",
    "november|noviembre|novembro|novembre|ноября|kasım|листопада|marraskuuta|listopadu|listopad|listopada",
    "december|dezember|diciembre|dezembro|décembre|dicembre|декабря|desember|aralık|грудня|joulukuuta|prosince|grudzień|grudnia",
];

/// Days of the week, as in [`MONTHS`].
const WEEKDAYS: &str = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|\
    freitag|samstag|sonnabend|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo|segunda|terça|quarta|quinta|\
    sexta|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|\
    maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|понедельник|вторник|среда|четверг|пятница|суббота|\
    воскресенье";

/// Words between a date and a time.
pub(super) const BETWEEN: [&str; 11] = ["klo", "um", "at", "de", "à", "às", "a las", "kl.", "kl", "ore", "la"];

/// The half of the day that a time of twelve hours is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Before noon.
    Before,
    /// After noon.
    After,
    /// Around noon: late hours are before, early ones after it.
    Noon,
    /// From evening to early morning: late hours are after noon, 12 and early ones before it.
    Night,
}

/// What the halves of the day are called; a longer word comes before one that it begins with.
pub(super) const HALVES: [(&str, Half); 53] = [
    ("in the morning", Half::Before),
    ("in the afternoon", Half::After),
    ("in the evening", Half::After),
    ("at night", Half::Night),
    ("at noon", Half::Noon),
    ("noon", Half::Noon),
    ("a. m.", Half::Before),
    ("a.m.", Half::Before),
    ("a.m", Half::Before),
    ("a m", Half::Before),
    ("am", Half::Before),
    ("p. m.", Half::After),
    ("p.m.", Half::After),
    ("p.m", Half::After),
    ("p m", Half::After),
    ("pm", Half::After),
    ("ptg", Half::After),
    ("pg", Half::Before),
    ("sa", Half::Before),
    ("ch", Half::After),
    ("fm", Half::Before),
    ("em", Half::After),
    ("de.", Half::Before),
    ("du.", Half::After),
    ("ap.", Half::Before),
    ("ip.", Half::After),
    ("\u{f6}\u{f6}", Half::Before),
    ("\u{f6}s", Half::After),
    ("e paradites", Half::Before),
    ("e pasdites", Half::After),
    ("ص", Half::Before),
    ("م", Half::After),
    ("ق.ظ.", Half::Before),
    ("ب.ظ.", Half::After),
    ("上午", Half::Before),
    ("下午", Half::After),
    ("凌晨", Half::Before),
    ("清晨", Half::Before),
    ("早上", Half::Before),
    ("中午", Half::Noon),
    ("晚上", Half::Night),
    ("午前", Half::Before),
    ("午後", Half::After),
    ("오전", Half::Before),
    ("오후", Half::After),
    ("π.μ.", Half::Before),
    ("μ.μ.", Half::After),
    ("πμ", Half::Before),
    ("μμ", Half::After),
    ("пр.об.", Half::Before),
    ("сл.об.", Half::After),
    ("ก่อนเที่ยง", Half::Before),
    ("หลังเที่ยง", Half::After),
];

impl Half {
    /// The hour of 24 of an hour of 12. An hour above 12 is one of 24 already.
    pub(super) fn hour(self, hour: u16) -> u16 {
        let after = match self {
            Self::Before => false,
            Self::After => true,
            Self::Noon => !(6..12).contains(&hour),
            Self::Night => (6..12).contains(&hour),
        };
        if hour > 12 { hour } else { hour % 12 + if after { 12 } else { 0 } }
    }
}

/// The number of the month that `word`, in lower case, names.
pub(super) fn month(word: &str) -> Option<u16> {
    let at = MONTHS.iter().position(|names| begins_one(names, word))?;
    u16::try_from(at + 1).ok()
}

/// Whether `word`, in lower case, names a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    begins_one(WEEKDAYS, word)
}

fn begins_one(names: &str, word: &str) -> bool {
    word.chars().nth(2).is_some() && names.split('|').any(|name| name.starts_with(word))
}
