import QtQuick
import "../widgets"

// A product's price; `shown` is how customers see it, `fault` a `FormProblem`.
Field {
    property string fault: ""
    property string shown: ""
    keys: "number"
    hint: shown !== "" ? qsTr("Customers see %1").arg(shown) : ""
    problem: ({ "missing": qsTr("A product needs a price."), "not_a_price": qsTr("This is not a price.") })[fault] || ""
}
