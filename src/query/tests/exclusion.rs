//! What a query excludes that a text not searched may say.

use super::accept;

#[test]
fn what_may_be_found_for_what_it_lacks() {
    for (query, expected) in [
        ("contract", false),
        ("NOT contract", true),
        ("from:ann NOT contract", true),
        ("from:ann -subject:contract", true),
        ("subject<>contract", true),
        ("a OR NOT (b NEAR(3) c)", true),
        ("NOT (a OR NOT b)", true),
        ("NOT (NOT contract)", false),
        ("NOT received>=2024-01-01", true),
        ("NOT from:ann", false),
        ("kind:email NOT kind:im", false),
        ("NOT size>5", false),
        ("NOT filetype:pdf", true),
        ("NOT hasattachment:true", true),
        ("hasattachment:true", false),
        ("NOT hasattachment:false", false),
    ] {
        assert_eq!(accept(query).query.exclusions().text, expected, "{query}");
    }
}

#[test]
fn who_may_be_named_where_not_all_of_the_people_can_be_searched() {
    for (query, expected) in [
        ("from:ann", false),
        ("NOT from:ann", true),
        ("contract -participants:ann@x.example", true),
        ("NOT to:*", true),
        ("NOT (NOT from:ann)", false),
        ("NOT threadid:a@x.example", true),
        ("NOT id:a@x.example", true),
        ("threadid:a@x.example NOT contract", false),
        ("NOT kind:im", false),
    ] {
        assert_eq!(accept(query).query.exclusions().people, expected, "{query}");
    }
}
