import QtQuick
import "../widgets"

// A product's name; `fault` is a `FormProblem`.
Field {
    property string fault: ""
    label: qsTr("Name")
    problem: ({ "missing": qsTr("A product needs a name."), "too_long": qsTr("This name is too long.") })[fault] || ""
}
