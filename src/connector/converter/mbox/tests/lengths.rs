//! Lengths that header fields state.

use super::*;

#[test]
fn a_length_is_believed_where_it_leads_to_a_separator() {
    let body = format!("text\n\n{ANN}Subject: inner\n\ninner\n");
    let with = |length: usize, blank: &str| {
        format!("{ANN}A: 1\nContent-Length: {length}\n\n{body}{blank}{ANN}B: 2\nContent-Length: 4\n\ntwo\n{blank}")
    };
    let message = format!("A: 1\nContent-Length: {}\n\n{body}", body.len());
    for blank in ["\n", ""] {
        let all = messages(&with(body.len(), blank));
        assert_eq!(all, [message.clone(), "B: 2\nContent-Length: 4\n\ntwo\n".to_owned()], "{blank:?}");
    }
    for stale in [0, 3, body.len() - 1, body.len() + 5, 1 << 40, usize::MAX] {
        assert_eq!(messages(&with(stale, "\n")).len(), 3, "{stale}");
    }
}

#[test]
fn a_length_that_leads_to_the_end_ends_the_last_message() {
    let body = format!("text\n\n{ANN}Subject: inner\n\ninner\n\n");
    for blank in ["", "\n", "\r\n"] {
        let message = format!("Content-Length: {}\n\n{body}", body.len());
        assert_eq!(messages(&format!("{ANN}{message}{blank}")), [message]);
    }
}
